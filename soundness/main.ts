/**
 * Generates workspaces, edits them, and holds the plan of each edit against what Bazel runs again.
 *
 *   npm run soundness -- --seed S --edits N [--workspaces W] [--without FEATURE,…]
 *   npm run soundness -- --replay SEED/WORKSPACE/EDIT[~NUMBER…]      this edit alone, as a miss names it
 *
 *   --only-workspaces N,…
 *                       of all workspaces, only these, with the edits that they have among all
 *   --externals         every workspace has externals, and few other rules; otherwise every fourth has some
 *   --write-cases DIR   writes each miss as a case
 *   --keep DIR          keeps the workspaces there
 *   --cli FILE          the command line that plans (default: dist/cli/index.js)
 *   --minutes M         starts no edit after that time
 *   --no-snapshots N    plans every Nth edit without snapshots, too (default: 4)
 *   --cold-plans        each plan starts a Bazel server of its own, as for users, instead of one for all that is faster;
 *                       a replay and plans without snapshots always do
 *
 * Exits with 1 if a plan missed something.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { findBazel } from '../scripts/find-bazel.mjs';
import { caseOf } from './cases.js';
import {
  Chain,
  firstModel,
  modelBefore,
  nextStep,
  type Choice,
  type Judged,
  type Place,
  type Settings,
} from './chain.js';
import { PARTS, type Part } from './externals/parts.js';
import { FEATURES, type Feature } from './generate.js';
import { lineOf, placeOf, replayOf, summaryOf } from './report.js';

const EDITS_OF_ONE_WORKSPACE = 15;

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    edits: { type: 'string', default: '30' },
    workspaces: { type: 'string' },
    'only-workspaces': { type: 'string' },
    without: { type: 'string', default: '' },
    externals: { type: 'boolean', default: false },
    replay: { type: 'string' },
    'write-cases': { type: 'string' },
    keep: { type: 'string' },
    cli: { type: 'string', default: join(dirname(import.meta.dirname), 'dist/cli/index.js') },
    'no-snapshots': { type: 'string', default: '4' },
    'cold-plans': { type: 'boolean', default: false },
    minutes: { type: 'string', default: 'Infinity' },
  },
});
const only = onlyOf(options['only-workspaces']);
const choice = choiceOf(options.without.split(','));
const settings: Settings = {
  bazel: findBazel(),
  cli: resolve(options.cli),
  withoutSnapshotsEvery: options.replay === undefined ? Number(options['no-snapshots']) : 1,
  servers: options['cold-plans'] || options.replay !== undefined ? 'one for each' : 'one for all',
};
const root = folderFor(options.keep);
const all: Judged[] = [];
const end = performance.now() + Number(options.minutes) * 60_000;
try {
  if (options.replay !== undefined) replay(placeOf(options.replay));
  else run(Number(options.seed), Number(options.edits));
} finally {
  if (options.keep === undefined) rmSync(root, { recursive: true, force: true });
}
console.log(`\n${summaryOf(all)}`);
process.exitCode = all.some(({ misses }) => misses.length > 0) ? 1 : 0;

function run(seed: number, edits: number): void {
  const workspaces = Number(options.workspaces ?? Math.ceil(edits / EDITS_OF_ONE_WORKSPACE));
  const missing = [...(only ?? [])].find((workspace) => !(workspace >= 1 && workspace <= workspaces));
  if (missing !== undefined)
    throw new Error(`--only-workspaces has ${missing}, and there are workspaces 1 to ${workspaces}`);
  for (let workspace = 1; workspace <= workspaces; workspace += 1) {
    const from = Math.floor((edits * (workspace - 1)) / workspaces);
    const to = Math.floor((edits * workspace) / workspaces);
    if (only?.has(workspace) === false) continue;
    if (to > from && performance.now() < end) runWorkspace(seed, workspace, to - from);
  }
}

function runWorkspace(seed: number, workspace: number, edits: number): void {
  const folder = join(root, `${seed}-${workspace}`);
  const chain = new Chain(folder, firstModel(seed, workspace, choice), settings);
  describeFirst(chain, workspace);
  const takenBack: number[] = [];
  for (let edit = 1; edit <= edits && performance.now() < end; edit += 1) {
    const step = nextStep(chain.current, seed, workspace, edit);
    const judged = report(chain.judge(step, { seed, workspace, edit, takenBack: [...takenBack] }));
    if (judged.takenBack) takenBack.push(edit);
  }
  chain.stop();
  if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
}

function replay(place: Place): void {
  const model = modelBefore(place, choice);
  const chain = new Chain(join(root, 'replay'), model, settings);
  describeFirst(chain, place.workspace);
  report(chain.judge(nextStep(model, place.seed, place.workspace, place.edit), place));
  chain.stop();
}

function report(judged: Judged): Judged {
  all.push(judged);
  console.log(lineOf(judged));
  const folder = options['write-cases'];
  if (judged.misses.length > 0 && folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${replayOf(judged.place).replaceAll(/[/~]/g, '-')}.json`), caseOf(judged));
  }
  return judged;
}

function describeFirst({ observation }: Chain, workspace: number): void {
  const { loads, tests, states, passed, log } = observation;
  const failed = [...states].filter(([, state]) => state === 'failed').map(([label]) => label);
  console.log(`workspace ${workspace}: ${states.size} targets, ${tests.size} tests, ${passed.size} passed`);
  if (!loads || failed.length > 0)
    throw new Error(`The generated workspace does not build (${failed.join(' ')}):\n${log}`);
}

function onlyOf(workspaces: string | undefined): ReadonlySet<number> | null {
  return workspaces === undefined ? null : new Set(workspaces.split(',').map(Number));
}

/** All that a workspace may have, without what this machine cannot build or the caller does not want. */
function choiceOf(without: readonly string[]): Choice {
  const known: readonly string[] = [...FEATURES, ...PARTS, 'externals'];
  const unknown = without.filter((name) => name !== '' && !known.includes(name));
  if (unknown.length > 0) throw new Error(`--without knows ${known.join(', ')}; not ${unknown.join(', ')}`);
  const features = new Set<Feature>(FEATURES.filter((feature) => !without.includes(feature)));
  if (spawnSync('cc', ['--version']).status !== 0 && features.delete('cc'))
    console.log('There is no C compiler (cc): workspaces have no cc rules.');
  const parts = PARTS.filter((part) => !without.includes(part) && !without.includes('externals'));
  return { features, parts: new Set<Part>(parts), externals: options.externals ? 'all' : 'some' };
}

function folderFor(keep: string | undefined): string {
  if (keep === undefined) return realpathSync(mkdtempSync(join(tmpdir(), 'soundness-')));
  mkdirSync(keep, { recursive: true });
  return realpathSync(keep);
}
