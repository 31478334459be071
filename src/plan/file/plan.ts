import type { Change } from '../../graph/change.js';
import type { SeedKind } from '../affected/seed.js';
import type { CommitId, RepositoryPath } from '../../graph/tree.js';
import type { Label } from '../../graph/label.js';
import type { Leg } from '../legs/leg.js';
import type { Excluded, PlanMode } from '../legs/selection.js';
import type { Wait } from '../legs/waits.js';

/** Why a target is affected. */
export interface Reason {
  readonly kind: SeedKind | 'everything';
  /** The changed path, relative to the repository; null if it is unknown. */
  readonly change: RepositoryPath | null;
  /** The labels from the target to the seed, both included. */
  readonly path: readonly Label[];
}

/** An affected rule or source file of the main repository. */
export interface AffectedTarget {
  readonly label: Label;
  readonly type: 'rule' | 'source';
  /** Null for source files. */
  readonly ruleClass: string | null;
  readonly tags: readonly string[];
  readonly reason: Reason;
}

/** How a plan's base is found: by an input, by the event itself, or as the last green run of the branch. */
export type BaseFrom = 'input' | 'event' | 'last green run';

/** How long a plan took, and how its graphs were made. */
export interface Timings {
  /** Milliseconds by step, in the order of the steps. */
  readonly steps: Readonly<Record<string, number>>;
  /** For each side (`base`, `head`): how its graph was made, and why. */
  readonly graphs: Readonly<Record<string, string>>;
}

/** What a change affects, and what CI does about it. */
export interface Plan {
  readonly base: { readonly commit: CommitId } | null;
  /** How the base was searched for, whether or not there is one. */
  readonly baseFrom: BaseFrom;
  readonly head: { readonly commit: CommitId; readonly workingTree: boolean };
  readonly everything: { readonly reason: string } | null;
  /** Why there is nothing to plan for, such as a deleted branch. Nothing was compared then, and all lists are empty. */
  readonly nothingToDo: { readonly reason: string } | null;
  readonly changes: readonly Change<RepositoryPath>[];
  /** Sorted by label. */
  readonly affected: readonly AffectedTarget[];
  /** Tests and releases that run although they are not affected, each with the reason; tests first, each sorted by label. */
  readonly always: readonly { readonly label: Label; readonly why: string }[];
  /** Sorted by label, as are the next three lists. */
  readonly test: readonly Label[];
  readonly build: readonly Label[];
  readonly release: readonly Label[];
  readonly excluded: readonly Excluded[];
  /**
   * Each problem is a sentence that makes the verdict a failure, whatever the outcome of the legs, so that the run is
   * not green.
   */
  readonly problems: readonly string[];
  /** The leg with the most expected work comes first. */
  readonly legs: readonly Leg[];
  readonly timings: Timings;
}

/**
 * Whether a later plan may use the run of this one as its base, once it is green. It must not if the plan has problems,
 * or if it looked at no revision.
 */
export function leavesNothingUndone(plan: Pick<Plan, 'nothingToDo' | 'problems'>): boolean {
  return plan.nothingToDo === null && plan.problems.length === 0;
}

/** Information for the readers of a plan that is not in the plan itself. */
export interface PlanContext {
  readonly mode: PlanMode;
  /** Why this is the base, or why there is none. */
  readonly whyBase: string;
  /** The number of rules and source files in the head's graph. */
  readonly targetCount: number;
  /** The changed paths that the input `ignore` excludes. */
  readonly ignored: readonly RepositoryPath[];
  /** The addresses of the runs for merge groups that ran the tests, which the plan therefore leaves out. */
  readonly testedBy: readonly string[];
  /** Sentences on what did not go as intended, and for which the plan made up by running more. */
  readonly notices: readonly string[];
  /** What each planned release waits for beside the plan. */
  readonly waits: ReadonlyMap<Label, Wait>;
}
