/**
 * The messages of Bazel's build event protocol that this program reads, with the names from `build_event_stream.proto`.
 * JSON omits fields that are zero, false or empty; here every field has its value.
 */

/**
 * An event id as the stream writes it. The `children` of an event are the ids of other events, and the same id always
 * has the same text.
 */
export type WrittenId = string;

/** Milliseconds; null if the stream omits the field. */
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

/** The part that ids of configured and of unconfigured labels share. */
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
  /** The rule class, followed by the word rule: `sh_test rule`. */
  readonly targetKind: string;
}

export interface TargetComplete {
  readonly success: boolean;
  readonly failureDetail: FailureDetail;
  /** Only those outputs that are read. */
  readonly importantOutput: readonly File[];
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
  /** The logs of the failed runs. */
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
  /** Null if Bazel ended without an exit code. */
  readonly exitCode: ExitCode | null;
}

/** An enumeration value that this version of the protocol does not contain, because a newer Bazel wrote it. */
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

/** An event that this program reads: the kind of its id, the id, and the payload of that kind. */
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
  /** Replaces an expected event that will not come. */
  | (Chained & { readonly kind: 'aborted'; readonly instead: AbortedId; readonly aborted: Aborted });

/** Connects an event to the events that give its reasons. */
export interface Chained {
  readonly writtenId: WrittenId;
  readonly children: readonly WrittenId[];
}

/** The event that will not come. */
export type AbortedId =
  | { readonly kind: 'targetCompleted'; readonly id: TargetCompletedId }
  | { readonly kind: 'testSummary'; readonly id: TestSummaryId }
  | {
      readonly kind: 'targetConfigured' | 'configuredLabel' | 'unconfiguredLabel';
      readonly id: LabelId;
    }
  | { readonly kind: 'pattern' | 'patternSkipped'; readonly id: PatternExpandedId }
  /** Any event except the end of one target. */
  | { readonly kind: 'other' };
