import { BazelError } from '../adapters/bazel/bazel-error.js';
import { BazelStartError } from '../adapters/bazel/start-error.js';
import { QueryOutputError } from '../formats/query-proto.js';
import { ModuleOutputError } from '../formats/repository-definitions.js';
import { RulesLogError } from '../formats/rules-log.js';
import type { WorkspacePath } from '../graph/label.js';
import {
  isRead,
  type ExternalsRecord,
  type FailedRecord,
  type TriedRecord,
} from '../loading/externals/externals-record.js';
import { UnfetchedError, UnrecordedError } from '../loading/source/evaluate-externals.js';
import { ExternalsUnknownError, type LoggedExternals } from '../loading/source/externals-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import { recordedExternals } from '../loading/source/recorded-externals.js';
import type { Revision } from '../loading/source/revision.js';
import type { SnapshotSource } from '../loading/source/snapshot-source.js';
import type { Planned } from './make-plan.js';
import type { Revisions } from './revisions.js';
import { TimeLimit } from './time-limit.js';

/** With what records are made and kept. */
export interface RecordTools {
  readonly externals: LoggedExternals;
  readonly reader: LoadingReader;
  /** Null if nothing may be kept. */
  readonly keepRecord: ((record: TriedRecord) => Promise<void>) | null;
}

/** How an attempt to record what external repositories read ended. */
export type RecordAttempt =
  | { readonly kind: 'recorded'; readonly record: ExternalsRecord }
  /** Each other attempt would end in the same way, until a module file, its code or an option changes. */
  | { readonly kind: 'impossible'; readonly record: FailedRecord }
  /** The next attempt may succeed. */
  | { readonly kind: 'failed'; readonly why: string };

/**
 * The revision for which it has to be recorded what external repositories read, for later plans: no record says that, and this
 * plan had to ask Bazel for them, or a later one would have to. Of a push that is the head, which the next change starts
 * from. Otherwise, it is the base, which the next plan has as well.
 *
 * @param planned the revisions of the plan
 * @returns null if there is nothing to record, or nothing may be kept
 * @throws GitError
 */
export async function unrecordedRevision(
  { head, base }: Pick<Planned, 'head' | 'base'>,
  mode: Revisions['mode'],
  { externals, reader, keepRecord }: RecordTools,
): Promise<Revision | null> {
  const revision = head.workingTree || mode === 'build' ? base : head;
  if (keepRecord === null || externals.minutes === 0 || revision === null) return null;
  const { reads } = await reader.allOf(revision.files);
  if (reads.kind === 'recorded' || reads.failure !== null) return null;
  return reads.counts === 'every file' || externals.asked.has(revision) ? revision : null;
}

/**
 * Records what the external repositories of a revision read, or that this cannot be recorded.
 *
 * @param graphs has the graph of the revision, which belongs to other loading inputs with a record
 * @throws GitError
 */
export async function recordExternals(
  revision: Revision,
  graphs: Pick<SnapshotSource, 'keepAgain'>,
  tools: RecordTools,
): Promise<RecordAttempt> {
  const recording = await tryToRecord(revision, tools);
  if (recording.kind === 'failed') return recording;
  await tools.keepRecord?.(recording.record);
  tools.reader.learnRecord(recording.record);
  await graphs.keepAgain(revision);
  return recording;
}

/** A sentence that says why nothing was recorded, and what that means; none if it was recorded. */
export function unrecordedNotices(attempt: RecordAttempt): string[] {
  switch (attempt.kind) {
    case 'recorded':
      return [];
    case 'impossible':
      return [
        `what external repositories read cannot be recorded, so more plans have to start Bazel: ${attempt.record.why}`,
      ];
    case 'failed':
      return [
        `it was not recorded what external repositories read, so the next plan tries again: ${attempt.why}`,
      ];
  }
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
  const { reads: believed } = await tools.reader.allOf(head.files);
  const isTried = believed.kind === 'recorded' || believed.failure !== null;
  if (!isTried || tools.externals.minutes === 0) return NOTHING_VERIFIED;
  const made = await tryToRecord(head, tools);
  if (made.kind === 'failed') return NOTHING_VERIFIED;
  if (believed.kind === 'unrecorded') {
    // What could not be recorded before may be possible now, if it took too long for example.
    if (made.kind === 'recorded') await tools.keepRecord?.(made.record);
    return { records: [made.record], problems: [] };
  }
  if (made.kind === 'impossible') return NOTHING_VERIFIED;
  const { record } = made;
  const lacking = [...record.reads.keys()].filter((path) => !isRead(path, believed.record)).sort();
  if (lacking.length === 0) return { records: [record], problems: [] };
  await tools.keepRecord?.(record);
  return { records: [record], problems: [lackingReads(lacking)] };
}

const NOTHING_VERIFIED: VerifiedRecords = { records: [], problems: [] };

function lackingReads(paths: readonly WorkspacePath[]): string {
  const shown = paths.slice(0, MOST_SHOWN);
  const more = paths.length > MOST_SHOWN ? `, and ${paths.length - MOST_SHOWN} more` : '';
  return (
    `The record of what external repositories read lacks ${shown.join(', ')}${more}. This plan uses what Bazel says. ` +
    'Earlier plans may have left targets out: see "Snapshots" in the threat model'
  );
}

const MOST_SHOWN = 5;

/** @throws GitError */
async function tryToRecord(revision: Revision, { externals, reader }: RecordTools): Promise<RecordAttempt> {
  const { deciding } = await reader.allOf(revision.files);
  const impossible = (reads: FailedRecord['reads'], why: string): RecordAttempt => ({
    kind: 'impossible',
    record: { deciding, reads, why },
  });
  try {
    const making = recordedExternals(revision, externals, reader);
    const limit = new TimeLimit(externals.minutes, () => {
      externals.stop();
    });
    const record = await limit.spend(making);
    return record.reads.has(WHOLE_WORKSPACE)
      ? impossible('all', 'they read the whole workspace')
      : { kind: 'recorded', record };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (PASSING.some((type) => error instanceof type)) return { kind: 'failed', why: error.message };
    if (LASTING.some((type) => error instanceof type)) return impossible(null, error.message);
    throw error;
  }
}

const WHOLE_WORKSPACE = '' as WorkspacePath;

/** Failures that may be over the next time. */
const PASSING = [BazelError, BazelStartError, QueryOutputError, UnfetchedError];

/** Failures that the same module files and code lead to again, too long a time among them. */
const LASTING = [ExternalsUnknownError, ModuleOutputError, RulesLogError, UnrecordedError];
