import { BazelError } from '../adapters/bazel/bazel-error.js';
import { BazelStartError } from '../adapters/bazel/start-error.js';
import { QueryOutputError } from '../formats/query-proto.js';
import { ModuleOutputError } from '../formats/repository-definitions.js';
import { RulesLogError } from '../formats/rules-log.js';
import type { WorkspacePath } from '../graph/label.js';
import { isFailed, isRead, type TriedRecord } from '../loading/externals/externals-record.js';
import { UnfetchedError, UnrecordedError } from '../loading/source/evaluate-externals.js';
import { ExternalsUnknownError, type LoggedExternals } from '../loading/source/externals-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import { recordedExternals } from '../loading/source/recorded-externals.js';
import type { Revision } from '../loading/source/revision.js';
import type { SnapshotSource } from '../loading/source/snapshot-source.js';
import type { Planned } from './make-plan.js';
import type { Revisions } from './revisions.js';
import { withinMinutes } from './within-minutes.js';

/** With what records are made and kept. */
export interface RecordTools {
  readonly externals: LoggedExternals;
  readonly reader: LoadingReader;
  /** Null if nothing may be kept. */
  readonly keepRecord: ((record: TriedRecord) => Promise<void>) | null;
}

/**
 * Records what external repositories read, for later plans, if no record says that, and this plan had to ask Bazel for them
 * or a later one would have to. Of a push that is the head, which the next change starts from. Otherwise, it is the base,
 * which the next plan has as well.
 *
 * @param planned the revisions of the plan
 * @param graphs has the graphs of the plan, which belong to other loading inputs with a record
 * @throws GitError
 */
export async function recordExternals(
  planned: Pick<Planned, 'head' | 'base'>,
  mode: Revisions['mode'],
  graphs: Pick<SnapshotSource, 'keepAgain'>,
  tools: RecordTools,
): Promise<void> {
  const { externals, reader, keepRecord } = tools;
  const { head, base } = planned;
  const revision = head.workingTree || mode === 'build' ? base : head;
  if (keepRecord === null || revision === null) return;
  const { record, isUnrecorded, isRecordingInVain } = await reader.allOf(revision.files);
  const isWanted = isUnrecorded || externals.asked.has(revision);
  if (record !== null || isRecordingInVain || !isWanted) return;
  const tried = await tryToRecord(revision, tools);
  if (tried === null) return;
  await keepRecord(tried);
  reader.learnRecord(tried);
  await graphs.keepAgain(revision);
}

/** The records that a plan may trust that verifies what earlier plans stored. */
export interface VerifiedRecords {
  readonly records: readonly TriedRecord[];
  /** A sentence for each stored record that lacks something that Bazel says was read. */
  readonly problems: readonly string[];
}

/**
 * Records again what external repositories read, if there is a record of it. A record that lacks something was forged, or
 * is no longer valid, and is replaced.
 *
 * @param tools the reader has the stored records
 * @throws GitError
 */
export async function verifiedRecords(head: Revision, tools: RecordTools): Promise<VerifiedRecords> {
  const believed = await tools.reader.recordOf(head.files);
  const isTried = believed !== null || (await tools.reader.isRecordingInVain(head.files));
  const made = isTried ? await tryToRecord(head, tools) : null;
  if (made === null) return { records: [], problems: [] };
  if (believed === null) {
    // What could not be recorded before may be possible now, if it took too long for example.
    if (!isFailed(made)) await tools.keepRecord?.(made);
    return { records: [made], problems: [] };
  }
  if (isFailed(made)) return { records: [], problems: [] };
  const lacking = [...made.reads.keys()].filter((path) => !isRead(path, believed)).sort();
  if (lacking.length === 0) return { records: [made], problems: [] };
  await tools.keepRecord?.(made);
  return { records: [made], problems: [lackingReads(lacking)] };
}

function lackingReads(paths: readonly WorkspacePath[]): string {
  const shown = paths.slice(0, MOST_SHOWN);
  const more = paths.length > MOST_SHOWN ? `, and ${paths.length - MOST_SHOWN} more` : '';
  return (
    `The record of what external repositories read lacks ${shown.join(', ')}${more}. This plan uses what Bazel says. ` +
    'Earlier plans may have left targets out: see "Snapshots" in the threat model'
  );
}

const MOST_SHOWN = 5;

/** @returns null if the next try may succeed. @throws GitError */
async function tryToRecord(
  revision: Revision,
  { externals, reader }: RecordTools,
): Promise<TriedRecord | null> {
  if (externals.minutes === 0) return null;
  const { deciding } = await reader.allOf(revision.files);
  try {
    const making = recordedExternals(revision, externals, reader);
    const record = await withinMinutes(externals.minutes, making, () => {
      externals.stop();
    });
    return record.reads.has(WHOLE_WORKSPACE) ? { deciding, reads: 'all' } : record;
  } catch (error) {
    if (PASSING.some((type) => error instanceof type)) return null;
    if (LASTING.some((type) => error instanceof type)) return { deciding, reads: null };
    throw error;
  }
}

const WHOLE_WORKSPACE = '' as WorkspacePath;

/** Failures that may be over the next time. */
const PASSING = [BazelError, BazelStartError, QueryOutputError, UnfetchedError];

/** Failures that the same module files and code lead to again, too long a time among them. */
const LASTING = [ExternalsUnknownError, ModuleOutputError, RulesLogError, UnrecordedError];
