import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'build/', 'node_modules/', 'examples/'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/entry/job-log.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...[
          "MemberExpression[object.name='core'][property.name=/^(debug|info|notice|warning|error|setFailed|setSecret|startGroup|endGroup|group)$/]",
          "MemberExpression[object.name='core'][computed=true]",
          "ImportDeclaration[source.value='@actions/core'] > ImportSpecifier",
        ].map((selector) => ({
          selector,
          message:
            'Print with src/entry/job-log.ts, so that the runner takes no text of others for a command.',
        })),
      ],
    },
  },
  {
    files: ['__tests__/**/*.ts', 'e2e/**/*.ts'],
    ignores: ['__tests__/support/temporary-folder.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:fs', 'node:fs/promises', 'fs', 'fs/promises'].map((name) => ({
            name,
            importNames: ['mkdtemp', 'mkdtempSync', 'mkdtempDisposable', 'mkdtempDisposableSync'],
            message: 'Take a TemporaryFolder of __tests__/support/temporary-folder.ts.',
          })),
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    // The last one waits until all is printed, and prints nothing.
    ignores: [
      'src/entry/job-log.ts',
      'src/entry/cli.ts',
      'src/entry/terminal.ts',
      'src/entry/end-process.ts',
    ],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'stdout', message: 'Print with src/entry/job-log.ts.' },
        { object: 'process', property: 'stderr', message: 'Print with src/entry/job-log.ts.' },
      ],
    },
  },
);
