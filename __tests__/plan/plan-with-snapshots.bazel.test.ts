import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Bazel } from '../../src/adapters/bazel/bazel.js';
import { BazelError } from '../../src/adapters/bazel/bazel-error.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import type { CommitId } from '../../src/graph/tree.js';
import { parsePlanInputs, type PlanInputs } from '../../src/plan/plan-inputs.js';
import { QueriedExternals } from '../../src/loading/source/externals-source.js';
import { QuerySource, type GraphSource } from '../../src/loading/source/graph-source.js';
import { loadingOptions } from '../../src/loading/source/loading-options.js';
import { LoadingReader } from '../../src/loading/source/loading-reader.js';
import { Timer } from '../../src/plan/timer.js';
import { makePlan } from '../../src/plan/make-plan.js';
import type { Revisions } from '../../src/plan/revisions.js';
import { SnapshotSource } from '../../src/loading/source/snapshot-source.js';
import { EDITS } from '../support/random-edits/edits.js';
import { MemoryWorkspace } from '../support/random-edits/memory-workspace.js';
import { Random } from '../support/random-edits/random.js';
import { START } from '../support/random-edits/start.js';
import { findBazel } from '../support/find-bazel.js';
import { MemoryStore } from '../support/memory-store.js';
import { ElsewhereSite } from '../support/elsewhere-site.js';
import { TestRepository } from '../support/test-repository.js';
import { ScratchSite } from '../../src/loading/source/site.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const SEED = Number(process.env.PROPERTY_SEED ?? 1);
const EDIT_COUNT = Number(process.env.PROPERTY_EDITS ?? 15);
/** After so many edits a new workspace starts from the beginning. */
const EDITS_OF_ONE_WORKSPACE = 25;

const temporary = new TemporaryFolder();
const folder = temporary.path;
const scratchFolder = join(folder, 'scratch');
mkdirSync(scratchFolder);
const bazel = new Bazel(
  { command: findBazel(), startupOptions: [], queryOptions: ['--lockfile_mode=off'] },
  scratchFolder,
  folder,
  'ours',
);
const repository = TestRepository.create();
let user: Repository;
let scratch: ScratchRepository;
let queries: QuerySource;
let externals: QueriedExternals;

beforeAll(async () => {
  START.writeTo(repository.folder, new MemoryWorkspace(new Map()));
  repository.commit({}, 'start');
  user = await Repository.open(repository.folder);
  scratch = await ScratchRepository.create(user, scratchFolder);
  const sites = [new ScratchSite(scratch, '', bazel), new ElsewhereSite(user, '', bazel)] as const;
  queries = new QuerySource(...sites, new LoadingReader());
  externals = new QueriedExternals(...sites, () => bazel, 10);
});

afterAll(() => {
  bazel.stop();
  temporary.remove();
  repository.remove();
});

/** What a plan says, as text that shows a difference at a glance, and which way each graph came. */
interface Outcome {
  readonly said: string;
  readonly ways: readonly string[];
}

async function plan(
  revisions: Revisions,
  inputs: PlanInputs,
  reader: LoadingReader,
  graphs: GraphSource,
): Promise<Outcome> {
  try {
    const { plan: made, context } = await makePlan(revisions, inputs, {
      repositories: { user, scratch },
      graphs,
      externals,
      reader,
      timer: new Timer(),
    });
    const { timings, ...rest } = made;
    // Bazel's own words say how its server was, too.
    const notices = context.notices.map((notice) =>
      notice.replace(/cannot be loaded.*/s, 'cannot be loaded'),
    );
    return {
      said: JSON.stringify({ ...rest, context: { ...context, notices } }, null, 1),
      ways: Object.values(timings.graphs),
    };
  } catch (error) {
    if (!(error instanceof BazelError)) throw error;
    // Bazel names the packages that do not load in an order of its own, and those that wait for them at random.
    return { said: `the head does not load: ${JSON.stringify(error.failure)}`, ways: [] };
  }
}

async function planFromQueries(revisions: Revisions, inputs: PlanInputs): Promise<Outcome> {
  return plan(revisions, inputs, new LoadingReader(), queries);
}

/** @returns the store as the plan leaves it as well */
async function planFromSnapshots(
  revisions: Revisions,
  inputs: PlanInputs,
  before: MemoryStore,
): Promise<Outcome & { readonly store: MemoryStore }> {
  const store = before.copy();
  const reader = new LoadingReader();
  const options = loadingOptions(inputs, repository.folder);
  const graphs = new SnapshotSource(queries, reader, options, store);
  return { ...(await plan(revisions, inputs, reader, graphs)), store };
}

/** The commit that has a fingerprint of the store's: to ask a fresh server what its snapshot should be. */
const commitOf = new Map<string, CommitId>();

/**
 * A server that ran through many edits can err: on 7.7.1 subpackages() above an ignored folder finds it or not, by
 * what was loaded before. Servers that have just started, as they serve a plan, have the last word: about the two
 * revisions, and where that is not enough, about each that the store has a snapshot of.
 */
async function compare(
  revisions: Revisions,
  inputs: PlanInputs,
  store: MemoryStore,
): Promise<Outcome & { readonly store: MemoryStore; readonly erred: 'nothing' | 'server' | 'stored' }> {
  const expected = await planFromQueries(revisions, inputs);
  const found = await planFromSnapshots(revisions, inputs, store);
  if (found.said === expected.said) return { ...found, erred: 'nothing' };
  bazel.stop();
  const last = await planFromQueries(revisions, inputs);
  bazel.stop();
  const again = await planFromSnapshots(revisions, inputs, store);
  if (again.said === last.said) return { ...again, erred: 'server' };
  const anew = await madeAnew(store, inputs);
  const rebuilt = await planFromSnapshots(revisions, inputs, anew);
  expect(rebuilt.said).toBe(last.said);
  process.stderr.write(
    `snapshots that a running server made are others than a fresh one's:\n${differences(store, anew)}\n`,
  );
  return { ...rebuilt, erred: 'stored' };
}

function differences(store: MemoryStore, anew: MemoryStore): string {
  return store.fingerprints
    .flatMap((fingerprint) => {
      const [one, other] = [store.targetsOf(fingerprint), anew.targetsOf(fingerprint)];
      return [
        ...one.filter((target) => !other.includes(target)).map((target) => `- ${target}`),
        ...other.filter((target) => !one.includes(target)).map((target) => `+ ${target}`),
      ].map((line) => `${commitOf.get(fingerprint) ?? ''} ${line}`);
    })
    .join('\n');
}

async function madeAnew(store: MemoryStore, inputs: PlanInputs): Promise<MemoryStore> {
  let anew = MemoryStore.empty();
  for (const fingerprint of store.fingerprints) {
    const commit = commitOf.get(fingerprint);
    if (commit === undefined)
      throw new Error(`the store has a snapshot of an unknown revision: ${fingerprint}`);
    bazel.stop();
    const revision = { commit, workingTree: false };
    const alone: Revisions = {
      base: { kind: 'none', why: 'made anew' },
      baseFrom: 'event',
      head: revision,
      mode: 'test',
      isRedelivery: false,
      findReleased: null,
      findTested: null,
      workflow: { kind: 'elsewhere' },
    };
    // Into an empty store, so that each is queried in full.
    const { store: one } = await planFromSnapshots(alone, inputs, MemoryStore.empty());
    anew = anew.with(one);
  }
  bazel.stop();
  return anew;
}

function inputsFor(random: Random): PlanInputs {
  const values: Readonly<Record<string, string>> = {
    'release-kinds': 'filegroup',
    'fan-out': random.pick(['target', 'balanced', 'single']),
    mode: random.pick(['test', 'build', 'release']),
  };
  return parsePlanInputs((name) => values[name] ?? '');
}

interface Step {
  readonly title: string;
  readonly workspace: MemoryWorkspace;
}

function edit(before: MemoryWorkspace, random: Random): Step {
  for (;;) {
    const names = [
      random.pick(Object.keys(EDITS)),
      ...(random.chance(20) ? [random.pick(Object.keys(EDITS))] : []),
    ];
    const workspace = names.reduce<MemoryWorkspace | undefined>(
      (made, name) => made && EDITS[name]?.(made, random),
      before,
    );
    if (workspace !== undefined) return { title: names.join(' + '), workspace };
  }
}

test(
  `a plan from snapshots equals one from full queries after each of ${EDIT_COUNT} random edits (PROPERTY_SEED=${SEED})`,
  async () => {
    const random = new Random(SEED);
    const log: string[] = [];
    const tally = new Map<string, number>();
    const count = (what: string): void => void tally.set(what, (tally.get(what) ?? 0) + 1);
    const head = (): CommitId => repository.git('rev-parse', 'HEAD').trim() as CommitId;

    let workspace = START;
    let commits = [head()];
    let stores = [MemoryStore.empty()];
    for (let edits = 0; edits < EDIT_COUNT;) {
      const step = edit(workspace, random);
      const title = `${edits} ${step.title}`;
      step.workspace.writeTo(repository.folder, workspace);
      const tip = head();
      const workingTree = random.chance(25);
      const commit = workingTree ? tip : repository.commit({}, title);
      const base = random.chance(25) ? random.pick(commits.slice(-6)) : (commits.at(-1) ?? tip);
      const age = random.below(100);
      const store =
        age < 8
          ? MemoryStore.empty()
          : age < 25
            ? random.pick(stores.slice(-6))
            : (stores.at(-1) ?? MemoryStore.empty());
      const inputs = inputsFor(random);
      const revisions: Revisions = {
        base: { kind: 'commit', commit: base, why: 'the input base' },
        baseFrom: 'input',
        isRedelivery: false,
        findReleased: null,
        findTested: null,
        workflow: { kind: 'elsewhere' },
        head: { commit, workingTree },
        mode: inputs.mode === 'auto' ? 'build' : inputs.mode,
      };
      let outcome: Awaited<ReturnType<typeof compare>>;
      try {
        outcome = await compare(revisions, inputs, store);
      } catch (error) {
        const files = JSON.stringify(
          { before: [...workspace.files], after: [...step.workspace.files] },
          null,
          1,
        );
        const steps = [...log.slice(-EDITS_OF_ONE_WORKSPACE), `${title}: FAILED`].join('\n');
        const replay = `PROPERTY_SEED=${SEED} PROPERTY_EDITS=${edits + 1}`;
        throw new Error(`${replay}\n${steps}\n${JSON.stringify(revisions)}\n${files}`, { cause: error });
      }
      for (const way of outcome.ways) count(/^(snapshot|patched|full)/.exec(way)?.[0] ?? way);
      if (outcome.erred !== 'nothing') count(`the running server erred: ${outcome.erred}`);
      log.push(
        `${title}${workingTree ? ' (working tree)' : ''}: ${outcome.ways.join(' → ') || outcome.said}`,
      );
      if (outcome.ways.length === 0) {
        count('head does not load');
        // A base that does not load is worth a plan too, but not all of them.
        if (!workingTree && random.chance(20)) commits.push(commit);
        workspace.writeTo(repository.folder, step.workspace);
        if (!workingTree) repository.commit({}, `revert ${title}`);
        continue;
      }
      edits += 1;
      workspace = step.workspace;
      stores.push(outcome.store);
      const committed = workingTree ? repository.commit({}, title) : commit;
      for (const fingerprint of outcome.store.fingerprints) {
        // A plan keeps the base first; its working tree is what is committed now.
        if (!commitOf.has(fingerprint))
          commitOf.set(fingerprint, outcome.store.last === fingerprint ? committed : base);
      }
      commits.push(committed);
      if (edits % EDITS_OF_ONE_WORKSPACE === 0) {
        START.writeTo(repository.folder, workspace);
        commits = [repository.commit({}, 'start again')];
        stores = [MemoryStore.empty()];
        workspace = START;
      }
    }
    const counts = [...tally].map(([what, times]) => `${what} ${times}`).join(', ');
    process.stderr.write(`snapshot plan: seed ${SEED}, ${EDIT_COUNT} edits, ${counts}\n`);
    if (process.env.PROPERTY_LOG !== undefined) process.stderr.write(`${log.join('\n')}\n`);
    // A source that always went the same way would pass everything else.
    for (const way of ['snapshot', 'patched', 'full'])
      expect(`${way} ${tally.get(way) ?? 0}`).not.toBe(`${way} 0`);
  },
  60_000 + EDIT_COUNT * 20_000,
);
