import { BazelError } from '../adapters/bazel/bazel-error.js';
import type { CommitId } from '../graph/tree.js';
import { QuerySource } from '../loading/source/graph-source.js';
import { LoadingReader } from '../loading/source/loading-reader.js';
import { RevisionFiles } from '../loading/source/revision-files.js';
import type { Revision } from '../loading/source/revision.js';
import { SnapshotSource } from '../loading/source/snapshot-source.js';
import type { SnapshotStore } from '../loading/snapshot/store.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanStores } from './plan-stores.js';
import { inPrivatePlace, type Place } from './private-place.js';
import { recordExternals, type RecordAttempt, type RecordTools } from './record-externals.js';
import { InputError } from '../text/input-error.js';
import { unlessDamaged } from './unless-damaged.js';

/**
 * Records what the external repositories of a commit read, for later plans, in a private place. It is not tried if a record
 * says that, or says that it cannot be recorded.
 *
 * @param folder the folder of the Bazel workspace in the user's checkout
 * @throws CommitMissingError if the commit is not available; InputError, GitError
 */
export async function recordIn(
  folder: string,
  inputs: PlanInputs,
  stores: PlanStores,
  commit: CommitId,
): Promise<RecordAttempt | { readonly kind: 'known' }> {
  if (inputs.externalsMinutes === 0)
    throw new InputError('externals-minutes', '0', { problem: 'leaves no time to record anything' });
  return inPrivatePlace(folder, inputs, async (place) => {
    const revision = await revisionOf(commit, place);
    const { records, snapshots } = stores;
    const { digest } = place.options;
    const tools: RecordTools = {
      externals: place.externals,
      reader: new LoadingReader(await records.latest(digest)),
      keepRecord: (record) => records.keep(digest, record),
    };
    const { reads } = await tools.reader.allOf(revision.files);
    if (reads.kind === 'recorded' || reads.failure !== null) return { kind: 'known' };
    const { made } = await unlessDamaged(snapshots, (usable) => recordWith(usable, revision, place, tools));
    return made;
  });
}

async function revisionOf(commit: CommitId, { repositories, inputs }: Place): Promise<Revision> {
  const { scratch } = repositories;
  await scratch.remote.need(commit);
  return {
    commit,
    workingTree: false,
    files: await RevisionFiles.ofCommit(commit, inputs.workspace, scratch),
  };
}

async function recordWith(
  snapshots: SnapshotStore,
  revision: Revision,
  { sites, options }: Place,
  tools: RecordTools,
): Promise<RecordAttempt> {
  const { reader } = tools;
  const graphs = new SnapshotSource(new QuerySource(...sites, reader), reader, options, snapshots);
  try {
    // The graph of the plan has other loading inputs than the one for the next plan, which knows the record.
    await graphs.graphOf(revision);
  } catch (error) {
    if (error instanceof BazelError) return { kind: 'failed', why: error.message };
    throw error;
  }
  return recordExternals(revision, graphs, tools);
}
