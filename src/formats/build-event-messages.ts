/**
 * The messages of Bazel's build event protocol, as far as they are read, with the names that
 * `build_event_stream.proto` gives them. JSON leaves out fields that are zero, false or empty; here every field has
 * its value.
 */

/** An event id as the stream writes it. The `children` of an event are the ids of others: equal texts, equal ids. */
export type WrittenId = string;

/** Milliseconds; null where the stream has no such field. */
export type DurationMs = number | null;

export interface ConfigurationId {
  readonly id: string;
}

export interface TargetConfiguredId {
  readonly label: string;
}

export interface TargetCompletedId {
  readonly label: string;
  readonly configuration: ConfigurationId;
}

export interface ActionCompletedId {
  readonly label: string;
}

export interface TestResultId {
  readonly label: string;
  readonly configuration: ConfigurationId;
  readonly run: number;
  readonly shard: number;
  readonly attempt: number;
}

export interface TestSummaryId {
  readonly label: string;
  readonly configuration: ConfigurationId;
}

export interface PatternExpandedId {
  readonly pattern: readonly string[];
}

/** Of ids of configured and unconfigured labels alike. */
export interface LabelId {
  readonly label: string;
}

export interface File {
  readonly name: string;
  readonly uri: string;
}

export interface FailureDetail {
  readonly message: string;
}

export interface TargetConfigured {
  /** The rule class and the word rule: `sh_test rule`. */
  readonly targetKind: string;
}

export interface TargetComplete {
  readonly success: boolean;
  readonly failureDetail: FailureDetail;
}

export interface ActionExecuted {
  readonly success: boolean;
  readonly label: string;
  /** The mnemonic of the action. */
  readonly type: string;
  readonly stdout: File;
  readonly stderr: File;
  readonly failureDetail: FailureDetail;
}

export interface ExecutionInfo {
  readonly cachedRemotely: boolean;
}

export interface TestResult {
  readonly status: TestStatus;
  readonly cachedLocally: boolean;
  readonly executionInfo: ExecutionInfo;
  readonly testAttemptDuration: DurationMs;
  readonly testActionOutput: readonly File[];
}

export interface TestSummary {
  readonly overallStatus: TestStatus;
  readonly totalRunCount: number;
  readonly runCount: number;
  readonly attemptCount: number;
  readonly shardCount: number;
  readonly totalNumCached: number;
  readonly totalRunDuration: DurationMs;
  /** Logs of the runs that failed. */
  readonly failed: readonly File[];
}

export interface Aborted {
  readonly reason: AbortReason;
  readonly description: string;
}

export interface ExitCode {
  readonly code: number;
}

export interface BuildFinished {
  /** Null where Bazel did not come to an exit code. */
  readonly exitCode: ExitCode | null;
}

/** A name of an enumeration that this version of the protocol does not have: a newer Bazel wrote it. */
export type Unrecognized = string & { readonly unrecognized: true };

export const TEST_STATUSES = [
  'NO_STATUS',
  'PASSED',
  'FLAKY',
  'TIMEOUT',
  'FAILED',
  'INCOMPLETE',
  'REMOTE_FAILURE',
  'FAILED_TO_BUILD',
  'TOOL_HALTED_BEFORE_TESTING',
] as const;

export type TestStatus = (typeof TEST_STATUSES)[number] | Unrecognized;

export const ABORT_REASONS = [
  'UNKNOWN',
  'USER_INTERRUPTED',
  'NO_ANALYZE',
  'NO_BUILD',
  'TIME_OUT',
  'REMOTE_ENVIRONMENT_FAILURE',
  'INTERNAL',
  'LOADING_FAILURE',
  'ANALYSIS_FAILURE',
  'SKIPPED',
  'INCOMPLETE',
  'OUT_OF_MEMORY',
] as const;

export type AbortReason = (typeof ABORT_REASONS)[number] | Unrecognized;

/** An event that is read: the kind of its id, the id, and the payload that belongs to it. */
export type BuildEvent =
  | {
      readonly kind: 'targetConfigured';
      readonly id: TargetConfiguredId;
      readonly configured: TargetConfigured;
    }
  | (Chained & {
      readonly kind: 'targetCompleted';
      readonly id: TargetCompletedId;
      readonly completed: TargetComplete;
    })
  | (Chained & {
      readonly kind: 'actionCompleted';
      readonly id: ActionCompletedId;
      readonly action: ActionExecuted;
    })
  | { readonly kind: 'testResult'; readonly id: TestResultId; readonly testResult: TestResult }
  | { readonly kind: 'testSummary'; readonly id: TestSummaryId; readonly testSummary: TestSummary }
  | { readonly kind: 'buildFinished'; readonly finished: BuildFinished }
  /** In the place of an event that will not come. */
  | (Chained & { readonly kind: 'aborted'; readonly instead: AbortedId; readonly aborted: Aborted });

/** How an event is chained to those that name the reasons of what it says. */
export interface Chained {
  readonly writtenId: WrittenId;
  readonly children: readonly WrittenId[];
}

/** Which event will not come. */
export type AbortedId =
  | { readonly kind: 'targetCompleted'; readonly id: TargetCompletedId }
  | { readonly kind: 'testSummary'; readonly id: TestSummaryId }
  | {
      readonly kind: 'targetConfigured' | 'configuredLabel' | 'unconfiguredLabel';
      readonly id: LabelId;
    }
  | { readonly kind: 'pattern' | 'patternSkipped'; readonly id: PatternExpandedId }
  /** An event that is not about one target's end. */
  | { readonly kind: 'other' };
