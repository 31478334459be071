/**
 * Bundles the entry points, for use without node_modules: the actions and the command line run from dist/ as it is
 * committed.
 *
 *   node scripts/build.mjs [FOLDER]      FOLDER instead of dist/, to compare a rebuild with what is committed
 *
 * The same sources give the same bytes, on any machine and in any folder.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from '@swc/core';

/** Folder in dist/ → source in src/entry/. */
const ENTRIES = {
  plan: 'plan-action',
  run: 'run-action',
  conclude: 'conclude-action',
  record: 'record-action',
  cli: 'cli',
};

const repository = path.dirname(import.meta.dirname);
const compiled = path.join(repository, 'build');
const dist = path.resolve(process.argv[2] ?? path.join(repository, 'dist'));
const bundle = path.join(dist, 'bundle');

rmSync(dist, { recursive: true, force: true });
compile();
makeBundle();
for (const name of Object.keys(ENTRIES)) writeLauncher(name);
chmodSync(launcherOf('cli'), 0o755);
writeFileSync(path.join(dist, 'package.json'), '{"type":"module"}\n');

/** TypeScript to JavaScript: ncc's own TypeScript support would type-check with settings of its own. */
function compile() {
  rmSync(compiled, { recursive: true, force: true });
  run('typescript/bin/tsc', ['--project', 'tsconfig.build.json']);
}

/**
 * One bundle for all entries, because every job of every user downloads it, and the entries share most of their code. Each
 * entry is imported only when it is started, so none pays for what only another one loads.
 */
function makeBundle() {
  const source = path.join(compiled, 'entries.js');
  const imports = Object.entries(ENTRIES).map(
    ([name, file]) => `  ${name}: () => import('./entry/${file}.js'),\n`,
  );
  writeFileSync(
    source,
    `const entries = {\n${imports.join('')}};\nexport const start = (name) => entries[name]();\n`,
  );
  run('@vercel/ncc/dist/ncc/cli.js', [
    'build',
    source,
    '--out',
    bundle,
    '--license',
    'licenses.txt',
    '--no-cache',
    '--quiet',
  ]);
  rmSync(path.join(bundle, 'package.json'));
  for (const file of readdirSync(bundle).filter((name) => name.endsWith('.js')))
    removeWhiteSpace(path.join(bundle, file));
}

/**
 * Leaves out white space and comments, and nothing else: a stack trace still names functions and classes, and the parentheses
 * around functions tell Node which ones are called at once (without them it starts a quarter slower). ncc's own `--minify`
 * shortens names, and only in the first file of the bundle; swc's minifier renames what hides a name of an outer scope, and
 * drops those parentheses. So swc only parses and prints here, without its transforms.
 * @param {string} file
 */
function removeWhiteSpace(file) {
  const { code } = transformSync(readFileSync(file, 'utf8'), {
    isModule: true,
    minify: true,
    swcrc: false,
    configFile: false,
    jsc: {
      parser: { syntax: 'ecmascript' },
      target: 'es2024',
      experimental: { disableAllLints: true, disableBuiltinTransformsForInternalTesting: true },
    },
  });
  writeFileSync(file, code);
}

/**
 * What `action.yml` and package.json name: the bundle started at one entry.
 * @param {string} name
 */
function writeLauncher(name) {
  mkdirSync(path.join(dist, name));
  const hashbang = name === 'cli' ? '#!/usr/bin/env node\n' : '';
  const code = `import { start } from '../bundle/index.js';\nawait start('${name}');\n`;
  writeFileSync(launcherOf(name), hashbang + code);
}

/** @param {string} name */
function launcherOf(name) {
  return path.join(dist, name, 'index.js');
}

/**
 * @param {string} tool file in node_modules
 * @param {string[]} arguments_
 */
function run(tool, arguments_) {
  const script = path.join(repository, 'node_modules', tool);
  const { status, error } = spawnSync(process.execPath, [script, ...arguments_], {
    cwd: repository,
    stdio: 'inherit',
  });
  if (error) throw error;
  if (status !== 0) {
    console.error(`build: ${path.basename(tool)} failed (see above).`);
    process.exit(1);
  }
}
