import type { Change } from '../../graph/change.js';
import type { SeedKind } from '../affected/seed.js';
import type { CommitId, RepositoryPath } from '../../graph/tree.js';
import type { Label } from '../../graph/label.js';
import type { Leg } from '../legs/leg.js';
import type { Excluded, PlanMode } from '../legs/selection.js';

/** Why a target is affected. */
export interface Reason {
  readonly kind: SeedKind | 'everything';
  /** The changed path, relative to the repository, where it can be told. */
  readonly change: RepositoryPath | null;
  /** From the target to the seed, both included. */
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

/** How a plan's base is looked for: by an input, by the event's own words, or as the last green run of the branch. */
export type BaseFrom = 'input' | 'event' | 'last green run';

/** How long a plan took, and which way it went. */
export interface Timings {
  /** Milliseconds by step, in the order of the steps. */
  readonly steps: Readonly<Record<string, number>>;
  /** By side (`base`, `head`): where its graph came from, and why. */
  readonly graphs: Readonly<Record<string, string>>;
}

/** What a change affects, and what CI does about it. */
export interface Plan {
  readonly base: { readonly commit: CommitId } | null;
  /** How the base was looked for, whether or not there is one. */
  readonly baseFrom: BaseFrom;
  readonly head: { readonly commit: CommitId; readonly workingTree: boolean };
  readonly everything: { readonly reason: string } | null;
  /** Why there is nothing to plan for, such as a deleted branch: nothing was compared then, and no list has an entry. */
  readonly nothingToDo: { readonly reason: string } | null;
  readonly changes: readonly Change<RepositoryPath>[];
  /** Sorted by label. */
  readonly affected: readonly AffectedTarget[];
  /** Tests that run though they are not affected, and by which rule; sorted by label. */
  readonly always: readonly { readonly label: Label; readonly why: string }[];
  /** Sorted, as are the next three. */
  readonly test: readonly Label[];
  readonly build: readonly Label[];
  readonly release: readonly Label[];
  readonly excluded: readonly Excluded[];
  /** Sentences. Each makes the verdict a failure, however the legs end: the run must not pass for a green one. */
  readonly problems: readonly string[];
  /** Longest first. */
  readonly legs: readonly Leg[];
  readonly timings: Timings;
}

/**
 * Whether a later plan may take this one's run, once it is green, for a run that left nothing undone: not where the plan says
 * that something is not done, nor where it looked at no revision.
 */
export function leavesNothingUndone(plan: Pick<Plan, 'nothingToDo' | 'problems'>): boolean {
  return plan.nothingToDo === null && plan.problems.length === 0;
}

/** What a reader of the plan wants to know beyond the plan itself. */
export interface PlanContext {
  readonly mode: PlanMode;
  /** Why this base, or why there is none. */
  readonly whyBase: string;
  /** Rules and source files of the head's graph. */
  readonly targetCount: number;
  /** Changes that the input `ignore` took out. */
  readonly ignored: readonly RepositoryPath[];
  /** What went otherwise than planned, and was made up for by running more. */
  readonly notices: readonly string[];
}
