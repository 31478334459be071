import { fileNameOf } from '../../graph/folders.js';

/**
 * Names of the files in which other build systems and package managers declare dependencies. Module extensions and
 * repository rules often read these files although MODULE.bazel does not name them, so their content decides what the
 * external repositories are.
 */
const NAMES: ReadonlySet<string> = new Set([
  '.npmrc',
  '.pnpmfile.cjs',
  '.yarnrc',
  '.yarnrc.yml',
  'npm-shrinkwrap.json',
  'package-lock.json',
  'package.json',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
  'deno.json',
  'deno.lock',
  '.nvmrc',
  '.node-version',
  '.python-version',
  '.ruby-version',
  '.tool-versions',
  'go.mod',
  'go.sum',
  'go.work',
  'go.work.sum',
  'Cargo.toml',
  'cargo-bazel-lock.json',
  'rust-toolchain',
  'rust-toolchain.toml',
  'Pipfile',
  'Pipfile.lock',
  'pdm.lock',
  'poetry.lock',
  'pyproject.toml',
  'setup.cfg',
  'setup.py',
  'uv.lock',
  'environment.yml',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'gradle.lockfile',
  'gradle.properties',
  'libs.versions.toml',
  'Gemfile',
  'Gemfile.lock',
  'composer.json',
  'composer.lock',
  'mix.exs',
  'mix.lock',
  'Package.swift',
  'Package.resolved',
  'Podfile',
  'Podfile.lock',
  'Cartfile.resolved',
  'conanfile.py',
  'conanfile.txt',
  'conan.lock',
  'vcpkg.json',
  'buf.gen.yaml',
  'buf.lock',
  'buf.work.yaml',
  'buf.yaml',
  'stack.yaml',
  'stack.yaml.lock',
  'cabal.project',
  'deps.edn',
  'paket.dependencies',
  'paket.lock',
  'packages.lock.json',
  'flake.lock',
  'flake.nix',
]);

const PATTERNS: readonly RegExp[] = [
  /^[Cc]argo.*\.lock$/s,
  /requirements.*\.(txt|in)$/s,
  /[_-]install\.json$/,
  /maven.*\.json$/s,
];

/**
 * Whether a file, in any folder, has a name of a file that module extensions and repository rules are known to read.
 */
export function isDependencyManifest(path: string): boolean {
  const name = fileNameOf(path);
  return NAMES.has(name) || PATTERNS.some((pattern) => pattern.test(name));
}
