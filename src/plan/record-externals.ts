import { BazelError } from '../adapters/bazel/bazel-error.js';
import { BazelStartError } from '../adapters/bazel/start-error.js';
import { QueryOutputError } from '../formats/query-proto.js';
import { ModuleOutputError } from '../formats/repository-definitions.js';
import { RulesLogError } from '../formats/rules-log.js';
import type { ExternalsRecord } from '../loading/externals/externals-record.js';
import { UnrecordedError } from '../loading/source/evaluate-externals.js';
import { ExternalsUnknownError, type QueriedExternals } from '../loading/source/externals-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import { recordedExternals } from '../loading/source/recorded-externals.js';
import type { Revision } from '../loading/source/revision.js';
import type { SnapshotSource } from '../loading/source/snapshot-source.js';
import type { Revisions } from './revisions.js';
import { withinMinutes } from './within-minutes.js';

interface RecordTools {
  readonly externals: QueriedExternals;
  readonly reader: LoadingReader;
  readonly graphs: SnapshotSource;
  readonly keepRecord: (record: ExternalsRecord) => Promise<void>;
}

/**
 * Records what external repositories read, for later plans, if this plan had to ask Bazel for them without knowing. Of a
 * push that is the head, which the next change starts from. Otherwise, it is the base, which the next plan has as well.
 *
 * @throws GitError
 */
export async function recordExternals(revisions: Revisions, tools: RecordTools): Promise<void> {
  const { externals, reader, graphs, keepRecord } = tools;
  const revision = [...externals.asked].find((each) => isWorthRecording(each, revisions));
  if (revision === undefined || (await reader.recordOf(revision.files)) !== null) return;
  try {
    const making = recordedExternals(revision, externals, reader);
    const record = await withinMinutes(externals.minutes, making, () => {
      externals.stop();
    });
    reader.learnRecord(record);
    await keepRecord(record);
    await graphs.keepAgain(revision);
  } catch (error) {
    // The next plans search the texts of module files instead, as this one did.
    if (!(error instanceof Error) || !EXPECTED.some((type) => error instanceof type)) throw error;
  }
}

const EXPECTED = [
  BazelError,
  BazelStartError,
  ExternalsUnknownError,
  ModuleOutputError,
  QueryOutputError,
  RulesLogError,
  UnrecordedError,
];

function isWorthRecording({ commit, workingTree }: Revision, { base, head, mode }: Revisions): boolean {
  if (head.workingTree || mode === 'build')
    return base.kind === 'commit' && commit === base.commit && !workingTree;
  return commit === head.commit && workingTree === head.workingTree;
}
