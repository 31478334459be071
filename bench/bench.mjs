/**
 * Measures what a plan costs on generated monorepos, and the bare query of the same tree in the same run.
 *
 *   npm run bench [-- PACKAGES…]                  default: 1000 5000 20000
 *   npm run bench -- --beside=CLI [PACKAGES…]     makes each plan with another commit's bundle (dist/cli/index.js) too
 */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBazel } from '../scripts/find-bazel.mjs';
import { bumpDependency, commit, generate, git, write } from './generate.mjs';
import { measure } from './measure.mjs';

const CLI = path.join(path.dirname(import.meta.dirname), 'dist/cli/index.js');
const BESIDE = '--beside=';
const beside = process.argv.find((argument) => argument.startsWith(BESIDE))?.slice(BESIDE.length);
const sizes = process.argv
  .slice(2)
  .filter((argument) => !argument.startsWith(BESIDE))
  .map(Number);
const bazel = findBazel();
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'bench-')));

/** The server options of src/adapters/bazel/bazel.ts. They have a row of their own, so that they do not hide the cost of a plan. */
const SERVER_OPTIONS = ['--host_jvm_args=-XX:TieredStopAtLevel=1', '--host_jvm_args=-XX:+UseSerialGC'];

/** @typedef {import('./measure.mjs').Measurement} Measurement */

/** @type {string[][]} */
const rows = [];
try {
  for (const size of sizes.length > 0 ? sizes : [1000, 5000, 20000]) await benchmark(size);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
print();

/** @param {number} size */
async function benchmark(size) {
  const tree = path.join(folder, `tree-${size}`);
  console.error(`generating ${size} packages`);
  const packages = generate(tree, size);
  const base = git(tree, 'rev-parse', 'HEAD').trim();
  const all = ['//...'];
  const ten = [
    `set(${packages
      .slice(-10)
      .map((name) => `//${name}:all`)
      .join(' ')})`,
  ];
  const bare = await bareQuery(tree, [], all);
  add(size, 'bare `bazel query //...`', bare, bare, '');
  add(size, "the same, with the plan's server options", await bareQuery(tree, SERVER_OPTIONS, all), bare, '');
  add(
    size,
    'bare query of 10 packages, with these options',
    await bareQuery(tree, SERVER_OPTIONS, ten),
    bare,
    '',
  );

  const source = change(tree, base, [`${packages[size - 5]}/one.txt`]);
  await plan('first plan: full query', source);
  await plan('source-only', source);
  for (const count of [1, 10, 100]) await plan(`patched, ${count} dirty`, changeOf(count));
  await plan('10 dirty, without snapshots: two full queries', changeOf(10), '--snapshots=false');
  // These shares lie on both sides of the limit beyond which a plan makes a full query.
  for (const share of [50, 88, 92])
    await plan(`${share} % dirty`, changeOf(Math.floor((size * share) / 100)));
  git(tree, 'checkout', '--quiet', '--detach', base);
  const bump = bumpDependency(tree, packages);
  // It leaves the snapshot of the base, which a plan finds in CI.
  await plan('the same packages with a hub of dependencies', bump.base);
  // As the plan of the push does in CI, or a job beside its legs.
  await plan('no change: what external repositories read is recorded', bump.base, `--base=${bump.base}`);
  await plan('one dependency of ten packages bumped', bump.head, `--base=${bump.base}`);
  rmSync(tree, { recursive: true, force: true });

  /** @param {number} count how many BUILD files change, spread over the tree */
  function changeOf(count) {
    const dirty = packages.filter(
      (_, index) => Math.floor((index * count) / size) !== Math.floor(((index + 1) * count) / size),
    );
    const files = dirty.map((name) => `${name}/BUILD.bazel`);
    return change(tree, base, files);
  }

  /**
   * @param {string} title
   * @param {string} head
   * @param {string[]} options
   */
  async function plan(title, head, ...options) {
    console.error(`${size} packages: ${title}`);
    const { measured, timings } = await planBy(CLI, 'own');
    add(size, title, measured, bare, timings.graphs.head ?? '');
    if (beside === undefined) return;
    const other = await planBy(path.resolve(beside), 'beside');
    add(size, `${title}, by the other bundle`, other.measured, bare, other.timings.graphs.head ?? '');

    /**
     * @param {string} cli
     * @param {string} whose names the folder of the snapshots that it uses
     */
    async function planBy(cli, whose) {
      const temporary = path.join(folder, 'temporary');
      mkdirSync(temporary, { recursive: true });
      const caches = path.join(folder, `caches-${size}-${whose}`);
      const environment = { ...process.env, RUNNER_TEMP: temporary, XDG_CACHE_HOME: caches, BAZEL: bazel };
      const args = [cli, 'plan', `--base=${base}`, '--head', head, '--json', ...options];
      const measured = await measure(process.execPath, args, tree, environment, temporary);
      /** @type {{timings: {steps: Record<string, number>, graphs: Record<string, string>}, affected: unknown[], test: unknown[]}} */
      const { timings, affected, test } = JSON.parse(measured.stdout);
      console.error(`  ${JSON.stringify(timings)}, ${affected.length} affected, ${test.length} tests`);
      return { measured, timings };
    }
  }
}

/**
 * @param {string} tree
 * @param {readonly string[]} options of the server
 * @param {readonly string[]} expression
 * @returns {Promise<Measurement>}
 */
async function bareQuery(tree, options, expression) {
  console.error('bare query');
  const outputBase = path.join(folder, 'bare-output-base');
  const startup = [`--output_base=${outputBase}`, ...options];
  const measured = await measure(bazel, [...startup, 'query', ...expression], tree, process.env, outputBase);
  await measure(bazel, [...startup, 'shutdown'], tree, process.env, outputBase);
  rmSync(outputBase, { recursive: true, force: true });
  return measured;
}

/**
 * Makes a commit on top of the base that changes some files, and leaves it checked out.
 *
 * @param {string} tree
 * @param {string} base
 * @param {readonly string[]} files
 */
function change(tree, base, files) {
  git(tree, 'checkout', '--quiet', '--detach', base);
  for (const file of files) {
    const isBuild = file.endsWith('BUILD.bazel');
    const text = readFileSync(path.join(tree, file), 'utf8');
    write(tree, file, isBuild ? `${text}\nfilegroup(name = "another")\n` : `${text}another line\n`);
  }
  return commit(tree, `${files.length} files changed`);
}

/**
 * @param {number} size
 * @param {string} title
 * @param {Measurement} measured
 * @param {Measurement} bare
 * @param {string} way
 */
function add(size, title, measured, bare, way) {
  rows.push([
    String(size),
    title,
    measured.wallSeconds.toFixed(1),
    measured.cpuSeconds.toFixed(1),
    `${Math.round((measured.cpuSeconds / bare.cpuSeconds) * 100)} %`,
    `${Math.round((measured.wallSeconds / bare.wallSeconds) * 100)} %`,
    String(Math.round(measured.nodeMegabytes)),
    measured.bazelMegabytes === 0 ? 'not started' : String(Math.round(measured.bazelMegabytes)),
    way,
  ]);
}

function print() {
  const header = [
    'packages',
    'plan',
    'wall s',
    'CPU s',
    'CPU to bare',
    'wall to bare',
    'Node MB',
    'Bazel MB',
    'graph of the head',
  ];
  for (const row of [header, header.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
}
