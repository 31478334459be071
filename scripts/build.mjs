/**
 * Bundles the entry points, for use without node_modules: the actions and the command line run from dist/ as it is
 * committed.
 *
 *   node scripts/build.mjs [FOLDER]      FOLDER instead of dist/, to compare a rebuild with what is committed
 *
 * The same sources give the same bytes, on any machine and in any folder.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Folder in dist/ → source in src/entry/. */
const ENTRIES = {
  plan: 'plan-action',
  run: 'run-action',
  conclude: 'conclude-action',
  cli: 'cli',
};

const repository = path.dirname(import.meta.dirname);
const compiled = path.join(repository, 'build');
const bundles = path.resolve(process.argv[2] ?? path.join(repository, 'dist'));

compile();
rmSync(bundles, { recursive: true, force: true });
const entries = Object.entries(ENTRIES).filter(([, source]) => existsSync(compiledEntry(source)));
if (entries.length === 0)
  throw new Error('src/entry holds none of the entry points: there is nothing to bundle.');
for (const [name, source] of entries) bundle(compiledEntry(source), path.join(bundles, name));
if (existsSync(path.join(bundles, 'cli'))) makeExecutable(path.join(bundles, 'cli', 'index.js'));

/** TypeScript to JavaScript: ncc's own TypeScript support would type-check with settings of its own. */
function compile() {
  rmSync(compiled, { recursive: true, force: true });
  run('typescript/bin/tsc', ['--project', 'tsconfig.build.json']);
}

/**
 * Not minified: a diff of dist/ can then be read, and a stack trace has names and lines.
 * @param {string} source
 * @param {string} folder
 */
function bundle(source, folder) {
  run('@vercel/ncc/dist/ncc/cli.js', [
    'build',
    source,
    '--out',
    folder,
    '--license',
    'licenses.txt',
    '--no-cache',
    '--quiet',
  ]);
}

/** @param {string} source */
function compiledEntry(source) {
  return path.join(compiled, 'entry', `${source}.js`);
}

/** @param {string} file */
function makeExecutable(file) {
  const hashbang = '#!/usr/bin/env node\n';
  const code = readFileSync(file, 'utf8');
  if (!code.startsWith('#!')) writeFileSync(file, hashbang + code);
  chmodSync(file, 0o755);
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
