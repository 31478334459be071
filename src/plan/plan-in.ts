import { environmentDigest } from '../adapters/process/environment.js';
import { programDigest } from '../adapters/process/program.js';
import type { Repositories } from '../adapters/git/repositories.js';
import type { Repository } from '../adapters/git/repository.js';
import type { CommitId } from '../graph/tree.js';
import type { Recording } from '../loading/inputs/loading-inputs.js';
import type { ExternalsSource } from '../loading/source/externals-source.js';
import { QuerySource, type GraphSource } from '../loading/source/graph-source.js';
import { KeptExternals } from '../loading/source/kept-externals.js';
import { LoadingReader } from '../loading/source/loading-reader.js';
import { SnapshotSource } from '../loading/source/snapshot-source.js';
import { VerifiedSource } from '../loading/source/verified-source.js';
import type { SnapshotStore } from '../loading/snapshot/store.js';
import { headOf } from './comparison.js';
import { makePlan, type Planned } from './make-plan.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanStores } from './plan-stores.js';
import { inPrivatePlace, type Place } from './private-place.js';
import {
  recordExternals,
  unrecordedNotices,
  unrecordedRevision,
  verifiedRecords,
  type RecordTools,
} from './record-externals.js';
import type { Revisions } from './revisions.js';
import { Timer, type StepListener } from './timer.js';
import { unlessDamaged } from './unless-damaged.js';

/** A plan, and the repository that it is for. */
export interface PlannedIn extends Planned {
  readonly repository: Repository;
  /** The commit for which it is left to be recorded what external repositories read; null if there is none. */
  readonly unrecorded: CommitId | null;
}

/**
 * Makes a plan in a private place.
 *
 * @param folder the folder of the Bazel workspace in the user's checkout
 * @param stores have what earlier plans found out; null if everything has to come from Bazel
 * @param revisionsOf finds the two revisions
 * @param onStep gets the name of each step as it begins, to show progress
 * @throws GitError, BazelError, InputError, each with what to do
 */
export async function planIn(
  folder: string,
  given: PlanInputs,
  stores: PlanStores | null,
  revisionsOf: (repositories: Repositories) => Promise<Revisions>,
  onStep: StepListener = () => undefined,
): Promise<PlannedIn> {
  return inPrivatePlace(folder, given, async (place) => {
    onStep('revisions');
    const revisions = await revisionsOf(place.repositories);
    const making: Making = { ...place, revisions, timer: new Timer(onStep) };
    const planned = stores === null ? await planFromBazel(making) : await planFromStores(making, stores);
    return { ...planned, repository: place.repositories.user };
  });
}

/** What a plan is made of, whatever is stored. */
interface Making extends Place {
  readonly revisions: Revisions;
  readonly timer: Timer;
}

type Made = Omit<PlannedIn, 'repository'>;

async function planFromBazel(making: Making): Promise<Made> {
  const reader = new LoadingReader([], recordingOf(making));
  const planned = await planWith(new QuerySource(...making.sites, reader), reader, making);
  return { ...planned, unrecorded: null };
}

async function planFromStores(making: Making, stores: PlanStores): Promise<Made> {
  const { snapshots, records } = stores;
  const { digest } = making.options;
  const tools: RecordTools = {
    externals: making.externals,
    reader: new LoadingReader(await records.latest(digest), recordingOf(making)),
    keepRecord: records.isReadOnly ? null : (record) => records.keep(digest, record),
  };
  const { made, damage } = await unlessDamaged(snapshots, (usable) =>
    making.inputs.snapshots === 'verify'
      ? planVerified(making, usable, tools)
      : planAndRecord(making, usable, keptExternals(making, stores), tools),
  );
  return damage === null ? made : withNotices(made, [`a full query was made, because ${damage}`]);
}

function withNotices<T extends Pick<Planned, 'context'>>(planned: T, notices: readonly string[]): T {
  const { context } = planned;
  return { ...planned, context: { ...context, notices: [...context.notices, ...notices] } };
}

/** Without time for questions, nothing can be recorded. */
function recordingOf({ inputs }: Making): Recording {
  return inputs.externalsMinutes === 0 ? 'impossible' : 'possible';
}

/** Makes a plan from snapshots and records, and records for later plans what this one had to find out. */
async function planAndRecord(
  making: Making,
  snapshots: SnapshotStore,
  externals: ExternalsSource,
  tools: RecordTools,
): Promise<Made> {
  const { inputs, revisions, sites, options, timer } = making;
  const { reader } = tools;
  const graphs = new SnapshotSource(new QuerySource(...sites, reader), reader, options, snapshots);
  const planned = await planWith(graphs, reader, { ...making, externals });
  const revision = await unrecordedRevision(planned, revisions.mode, tools);
  if (revision === null) return { ...planned, unrecorded: null };
  if (inputs.record === 'later') return { ...planned, unrecorded: revision.commit };
  const attempt = await timer.measure('record', () => recordExternals(revision, graphs, tools));
  return { ...withNotices(planned, unrecordedNotices(attempt)), unrecorded: null };
}

/** Makes a plan from Bazel's answers. What was stored and differs from them becomes a problem of the plan. */
async function planVerified(making: Making, snapshots: SnapshotStore, tools: RecordTools): Promise<Made> {
  const { revisions, inputs, repositories, sites, options, timer } = making;
  const head = await headOf(revisions, inputs, repositories);
  const { records, problems } = await timer.measure('record', () => verifiedRecords(head, tools));
  const newReader = (): LoadingReader => new LoadingReader(records, recordingOf(making));
  const reader = newReader();
  const graphs = new VerifiedSource(new QuerySource(...sites, reader), reader, newReader, options, snapshots);
  const { plan, ...rest } = await planWith(graphs, reader, making);
  const found = [...plan.problems, ...problems, ...graphs.differences];
  return { ...rest, plan: { ...plan, problems: found }, unrecorded: null };
}

/** What Bazel answers about external repositories also depends on itself, on this program, and on variables. */
function keptExternals(making: Making, { answers }: PlanStores): ExternalsSource {
  const { externals, sites, options, revisions, inputs, repositories } = making;
  if (answers === null) return externals;
  const [, { bazel }] = sites;
  return new KeptExternals(externals, answers, {
    settings: async () => [options.digest, await bazel.versionText(), programDigest(), environmentDigest()],
    headDigest: async () => (await headOf(revisions, inputs, repositories)).files.digest(),
  });
}

function planWith(
  graphs: GraphSource,
  reader: LoadingReader,
  making: Omit<Making, 'externals'> & { readonly externals: ExternalsSource },
): Promise<Planned> {
  const { revisions, inputs, repositories, externals, timer } = making;
  return makePlan(revisions, inputs, { repositories, graphs, externals, reader, timer });
}
