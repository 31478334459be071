/**
 * Plays a pull request and two pushes of examples/monorepo against the bundled actions, as a runner would: makes a git
 * history of it in a temporary folder, checks out as actions/checkout does, plans with a real event payload, and runs
 * every leg of the matrix. What is released goes into a folder, and the demo shows the receipt of it.
 *
 *   npm run demo
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { copyExample } from './copy-example.mjs';
import { findBazel } from './find-bazel.mjs';

const product = path.dirname(import.meta.dirname);
const bazel = findBazel();
const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'demo-')));
const origin = path.join(folder, 'origin');
const released = path.join(folder, 'released');

let failures = 0;
try {
  play();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  failures === 0 ? '\nThe demo did what it should.' : `\n${failures} things did not go as they should.`,
);
process.exitCode = failures === 0 ? 0 : 1;

function play() {
  const base = makeHistory();

  title('A pull request changes the greeting library');
  git(origin, 'checkout', '--quiet', '-b', 'friendlier');
  appendTo('libs/greeting/greeting.sh', '# friendlier\n');
  const pullRequestHead = commit('Greet friendlier');
  git(origin, 'checkout', '--quiet', '--detach', base);
  git(origin, 'merge', '--quiet', '--no-ff', '--message=Merge', pullRequestHead);
  const merge = git(origin, 'rev-parse', 'HEAD');
  git(origin, 'branch', 'pull-request', merge);
  const pullRequest = plan('pull_request', merge, 'pull-request', {
    number: 1,
    pull_request: { head: { sha: pullRequestHead }, base: { sha: base } },
  });
  expect('its base is the first parent of the merge commit', pullRequest.outputs.base, base);
  expect('releases are only built', pullRequest.outputs['release-count'], '0');
  run(pullRequest);

  title('It is merged and pushed to main: what it affects is tested and released');
  git(origin, 'checkout', '--quiet', 'main');
  git(origin, 'merge', '--quiet', '--ff-only', merge);
  const push = plan('push', merge, 'main', {
    before: base,
    after: merge,
    repository: { default_branch: 'main' },
  });
  expect('releases are released', push.outputs['build-count'], '0');
  const receipts = run(push);
  showReleased(receipts);

  title('A push changes the documentation');
  appendTo('README.md', '\nMore words.\n');
  const words = commit('Say more');
  const docs = plan('push', words, 'main', {
    before: merge,
    after: words,
    repository: { default_branch: 'main' },
  });
  expect('nothing runs', docs.outputs.count, '0');
}

/** @returns {string} the first commit */
function makeHistory() {
  copyExample(origin);
  git(origin, 'init', '--quiet', '--initial-branch=main');
  for (const [name, value] of [
    ['user.name', 'Demo'],
    ['user.email', 'demo@example.com'],
    ['uploadpack.allowAnySHA1InWant', 'true'],
    ['uploadpack.allowFilter', 'true'],
  ]) {
    git(origin, 'config', String(name), String(value));
  }
  return commit('The monorepo');
}

/** @param {string} message */
function commit(message) {
  git(origin, 'add', '--all');
  git(origin, 'commit', '--quiet', `--message=${message}`);
  return git(origin, 'rev-parse', 'HEAD');
}

/**
 * @param {string} file
 * @param {string} text
 */
function appendTo(file, text) {
  writeFileSync(path.join(origin, file), text, { flag: 'a' });
}

/** @typedef {{outputs: Record<string, string>, checkout: string}} Planned */

/**
 * @param {string} event
 * @param {string} commitId
 * @param {string} branch
 * @param {object} payload
 * @returns {Planned}
 */
function plan(event, commitId, branch, payload) {
  const checkout = path.join(folder, `checkout-${branch}-${commitId.slice(0, 7)}`);
  git(folder, 'clone', '--quiet', '--depth=1', `--branch=${branch}`, `file://${origin}`, checkout);
  const eventFile = path.join(folder, 'event.json');
  writeFileSync(eventFile, JSON.stringify(payload));
  const { outputs } = action(
    'action.yml',
    'dist/plan/index.js',
    checkout,
    {},
    {
      GITHUB_EVENT_NAME: event,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_SHA: commitId,
      GITHUB_REF: event === 'push' ? `refs/heads/${branch}` : 'refs/pull/1/merge',
    },
  );
  printPlan(JSON.parse(readFileSync(outputs['plan'] ?? '', 'utf8')));
  return { outputs, checkout };
}

/** @param {Record<'affected' | 'changes', unknown[]> & Record<'test' | 'build' | 'release', string[]>} plan */
function printPlan(plan) {
  console.log(`${plan.affected.length} targets are affected by ${plan.changes.length} changed files`);
  for (const mode of /** @type {const} */ (['test', 'build', 'release'])) {
    for (const label of plan[mode]) console.log(`  ${mode.padEnd(8)} ${label}`);
  }
}

/** @typedef {{label: string, published: {name: string, digest: string, kind: string}[]}} Receipt */

/**
 * Shows what was released, and holds the deployment against the receipt.
 *
 * @param {Receipt[]} receipts
 */
function showReleased(receipts) {
  console.log('\nin the release folder:');
  const files = readdirSync(released, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(released, path.join(entry.parentPath, entry.name)));
  for (const file of files.sort()) console.log(`  ${file}`);

  console.log('in the receipts:');
  for (const { label, published } of receipts) {
    console.log(`  ${label} published`);
    for (const { name, digest, kind } of published) console.log(`    ${kind} ${name}@${digest}`);
  }

  const image = receipts.flatMap(({ published }) => published).find(({ kind }) => kind === 'oci');
  const deployment = readFileSync(path.join(released, 'deployments/services/hello/deployment.yaml'), 'utf8');
  const named = /image: '(.*)'/.exec(deployment)?.[1];
  expect('the deployment names the image of the receipt', named, `${image?.name}@${image?.digest}`);
}

/**
 * @param {Planned} planned
 * @returns {Receipt[]} what the releases say that they published; many say nothing
 */
function run({ outputs, checkout }) {
  /** @type {{include: {name: string, mode: string}[]}} */
  const matrix = JSON.parse(outputs['matrix'] ?? '{}');
  /** @type {Receipt[]} */
  const receipts = [];
  for (const entry of matrix.include) {
    const leg = action(
      'run/action.yml',
      'dist/run/index.js',
      checkout,
      { leg: JSON.stringify(entry) },
      { RELEASE_FOLDER: released },
    );
    console.log(`${leg.status === 0 ? 'ok    ' : 'FAILED'} ${entry.mode.padEnd(8)} ${entry.name}`);
    if (leg.status !== 0) {
      failures++;
      console.log(leg.log);
    }
    receipts.push(...receiptsIn(leg.outputs['result'] ?? ''));
  }
  spawnSync(bazel, ['shutdown'], { cwd: checkout });
  return receipts;
}

/**
 * @param {string} resultFile of a leg
 * @returns {Receipt[]}
 */
function receiptsIn(resultFile) {
  /** @type {{targets: {label: string, outcome: {published?: Receipt['published']}}[]}} */
  const { targets } = JSON.parse(readFileSync(resultFile, 'utf8'));
  return targets.flatMap(({ label, outcome: { published = [] } }) =>
    published.length === 0 ? [] : [{ label, published }],
  );
}

/**
 * Runs a bundled action with the defaults of its action.yml, as the runner does.
 *
 * @param {string} metadata
 * @param {string} main
 * @param {string} checkout
 * @param {Record<string, string>} inputs
 * @param {Record<string, string>} environment
 */
function action(metadata, main, checkout, inputs, environment) {
  /** @type {{inputs: Record<string, {default?: string}>}} */
  const { inputs: declared } = parse(readFileSync(path.join(product, metadata), 'utf8'));
  const files = mkdtempSync(path.join(folder, 'runner-'));
  const output = path.join(files, 'output');
  const summary = path.join(files, 'summary');
  for (const file of [output, summary, path.join(files, 'state')]) writeFileSync(file, '');
  mkdirSync(path.join(files, 'temp'));
  const given = { ...inputs, bazel, 'github-token': '' };
  const values = Object.entries(declared).map(([name, { default: value = '' }]) => [
    `INPUT_${name.toUpperCase()}`,
    /** @type {Record<string, string>} */ (given)[name] ?? value,
  ]);
  const done = spawnSync(process.execPath, [path.join(product, main)], {
    cwd: checkout,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...Object.fromEntries(values),
      GITHUB_WORKSPACE: checkout,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_STATE: path.join(files, 'state'),
      RUNNER_TEMP: path.join(files, 'temp'),
      ...environment,
    },
  });
  const log = done.stdout + done.stderr;
  if (done.status !== 0 && metadata === 'action.yml') throw new Error(`${main} failed:\n${log}`);
  return { status: done.status, log, outputs: readOutputs(output) };
}

/**
 * @param {string} file in the format that the runner reads: name<<delimiter, value, delimiter
 * @returns {Record<string, string>}
 */
function readOutputs(file) {
  const matches = readFileSync(file, 'utf8').matchAll(/^([^\n]+?)<<([^\n]+)\n([\s\S]*?)\n\2$/gm);
  return Object.fromEntries([...matches].map(([, name = '', , value = '']) => [name, value]));
}

/**
 * @param {string} what
 * @param {unknown} actual
 * @param {unknown} expected
 */
function expect(what, actual, expected) {
  if (actual !== expected) failures++;
  console.log(
    `${actual === expected ? 'ok    ' : 'WRONG '} ${what}${actual === expected ? '' : `: ${String(actual)}`}`,
  );
}

/** @param {string} text */
function title(text) {
  console.log(`\n=== ${text}\n`);
}

/**
 * @param {string} where
 * @param {string[]} args
 */
function git(where, ...args) {
  return execFileSync('git', args, { cwd: where, encoding: 'utf8' }).trim();
}
