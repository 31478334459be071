import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import { Graph } from '../../../src/graph/graph.js';
import type { Target } from '../../../src/graph/target.js';
import { decodeSnapshot, encodeSnapshot } from '../../../src/loading/snapshot/codec.js';
import { dirtyPackages, type Loading } from '../../../src/loading/snapshot/dirty.js';
import { fingerprint } from '../../../src/loading/inputs/fingerprint.js';
import { packageCutShort, patchGraph } from '../../../src/loading/snapshot/patch.js';
import { findBazel } from '../../support/find-bazel.js';
import { EDITS } from '../../support/random-edits/edits.js';
import { loadingOf } from '../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';
import { Random } from '../../support/random-edits/random.js';
import { START } from '../../support/random-edits/start.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const SEED = Number(process.env.PROPERTY_SEED ?? 1);
const EDIT_COUNT = Number(process.env.PROPERTY_EDITS ?? 25);
/** After so many edits a new workspace starts from the beginning. */
const EDITS_OF_ONE_WORKSPACE = 25;

const temporary = new TemporaryFolder();
const folder = temporary.path;
const workspaceFolder = join(folder, 'workspace');
const bazel = new Bazel(
  { command: findBazel(), startupOptions: [], queryOptions: ['--lockfile_mode=off'] },
  workspaceFolder,
  folder,
  'ours',
);

beforeAll(() => {
  mkdirSync(workspaceFolder);
});

afterAll(() => {
  bazel.stop();
  temporary.remove();
});

interface Revision {
  readonly workspace: MemoryWorkspace;
  readonly loading: Loading;
  readonly graph: Graph;
}

/** The graph as text that shows a difference at a glance. */
function canonical(graph: Graph): string {
  const targets = [...graph.targets()].map((target) => JSON.stringify(target, Object.keys(target).sort()));
  return targets.sort().join('\n');
}

/** The bytes that a snapshot of the revision has. */
function bytesOf(loading: Loading, graph: Graph): Buffer {
  return encodeSnapshot({ fingerprint: '', bazelVersion: '', ...loading, graph });
}

/** The targets that Bazel finds, or undefined if something does not load. */
async function queried<Targets>(query: Promise<Targets>): Promise<Targets | undefined> {
  try {
    return await query;
  } catch (error) {
    if (error instanceof BazelError && error.isAboutCode) return undefined;
    throw error;
  }
}

function checkOut(workspace: MemoryWorkspace, previous: MemoryWorkspace): void {
  workspace.writeTo(workspaceFolder, previous);
  // A server that runs keeps what globs and subpackages() found before .bazelignore changed (seen on 7.7.1).
  if (workspace.text('.bazelignore') !== previous.text('.bazelignore')) bazel.stop();
}

/** What became of an edit, and the later revision where it loads. */
interface Step {
  readonly outcome: string;
  readonly revision: Revision;
  /** The graph as it was queried, and as it is without a query, or with one of the dirty packages alone. */
  readonly graphs?: { readonly queried: string; readonly derived: string };
}

async function step(before: Revision, workspace: MemoryWorkspace): Promise<Step> {
  const warm = await take(before, workspace, 'running');
  if (warm.graphs === undefined || warm.graphs.derived === warm.graphs.queried) return warm;
  // A server that ran through many edits can err: on 7.7.1 subpackages() above an ignored folder finds it or not,
  // by what was loaded before. Servers that have just started, as they serve a plan, have the last word.
  checkOut(before.workspace, workspace);
  bazel.stop();
  const cold = await take({ ...before, graph: Graph.of(await bazel.queryAll()) }, workspace, 'fresh');
  expect(cold.graphs?.derived).toBe(cold.graphs?.queried);
  return { ...cold, outcome: `stale server, else ${cold.outcome}` };
}

async function take(
  before: Revision,
  workspace: MemoryWorkspace,
  server: 'running' | 'fresh',
): Promise<Step> {
  const ask = async (query: () => Promise<readonly Target[]>): Promise<readonly Target[] | undefined> => {
    if (server === 'fresh') bazel.stop();
    return queried(query());
  };
  checkOut(workspace, before.workspace);
  const loading = await loadingOf(workspace, before.loading.statements);
  const targets = await ask(() => bazel.queryAll());
  if (targets === undefined) {
    checkOut(before.workspace, workspace);
    return { outcome: 'does not load', revision: before };
  }
  const graph = Graph.of(targets);
  const revision = { workspace, loading, graph };
  if (fingerprint(before.loading.inputs, []) === fingerprint(loading.inputs, [])) {
    const graphs = { queried: canonical(graph), derived: canonical(before.graph) };
    return { outcome: 'same fingerprint', revision, graphs };
  }
  const stored = decodeSnapshot(bytesOf(before.loading, before.graph));
  if (stored.kind !== 'snapshot') throw new Error(`a snapshot of our own is unreadable: ${stored.why}`);
  const dirty = dirtyPackages(stored.snapshot, stored.snapshot.graph.packagePaths, loading);
  if (dirty.kind === 'full') return { outcome: `full: ${dirty.reason}`, revision };
  const found = await ask(() => bazel.queryPackages(dirty.queried));
  if (found === undefined) return { outcome: 'full: the query of the dirty packages failed', revision };
  const cut = packageCutShort(dirty.queried, found);
  if (cut !== undefined) return { outcome: `full: ${cut} was cut short`, revision };
  const patched = patchGraph(stored.snapshot.graph, { ...dirty, targets: found });
  const graphs = { queried: canonical(graph), derived: canonical(patched) };
  if (graphs.queried === graphs.derived) {
    expect(bytesOf(loading, patched).equals(bytesOf(loading, graph))).toBe(true);
  }
  return { outcome: `patched ${dirty.queried.length} of ${graph.packageCount}`, revision, graphs };
}

async function startRevision(previous: MemoryWorkspace): Promise<Revision> {
  checkOut(START, previous);
  return { workspace: START, loading: await loadingOf(START), graph: Graph.of(await bazel.queryAll()) };
}

test(
  `a patched graph equals a queried one after each of ${EDIT_COUNT} random edits (PROPERTY_SEED=${SEED})`,
  async () => {
    const random = new Random(SEED);
    const names = Object.keys(EDITS);
    const log: string[] = [];
    const tally = new Map<string, number>();
    let revision = await startRevision(new MemoryWorkspace(new Map()));
    for (let edits = 0; edits < EDIT_COUNT;) {
      const name = random.pick(names);
      let workspace = EDITS[name]?.(revision.workspace, random);
      const more = random.chance(20) ? random.pick(names) : undefined;
      if (more !== undefined && workspace !== undefined)
        workspace = EDITS[more]?.(workspace, random) ?? workspace;
      if (workspace === undefined) continue;
      const title = `${edits} ${name}${more === undefined ? '' : ` + ${more}`}`;
      try {
        const { outcome, revision: next } = await step(revision, workspace);
        log.push(`${title}: ${outcome}`);
        const kind = /^(full|patched|same|does|stale)/.exec(outcome)?.[0] ?? '';
        tally.set(kind, (tally.get(kind) ?? 0) + 1);
        if (kind === 'does') continue;
        revision = next;
      } catch (error) {
        const steps = [...log.slice(-EDITS_OF_ONE_WORKSPACE), `${title}: FAILED`].join('\n');
        const detail = JSON.stringify(
          { before: [...revision.workspace.files], after: [...workspace.files] },
          null,
          1,
        );
        throw new Error(`PROPERTY_SEED=${SEED} PROPERTY_EDITS=${EDIT_COUNT}\n${steps}\n${detail}`, {
          cause: error,
        });
      }
      edits += 1;
      if (edits % EDITS_OF_ONE_WORKSPACE === 0) revision = await startRevision(revision.workspace);
    }
    process.stderr.write(
      `patch equation: seed ${SEED}, ${EDIT_COUNT} edits, ${[...tally].map(([kind, count]) => `${kind} ${count}`).join(', ')}\n`,
    );
    if (process.env.PROPERTY_LOG !== undefined) process.stderr.write(`${log.join('\n')}\n`);
    // Rules that always ask for a full query would pass everything else.
    expect(tally.get('patched') ?? 0).toBeGreaterThan(EDIT_COUNT / 4);
  },
  60_000 + EDIT_COUNT * 5_000,
);
