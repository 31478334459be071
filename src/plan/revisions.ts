import type { Repositories } from '../adapters/git/repositories.js';
import { unknownEvent, type Environment } from '../adapters/github/event.js';
import { WorkflowRuns } from '../adapters/github/runs.js';
import type { CommitId, RepositoryPath } from '../graph/tree.js';
import { BaseFinder } from './base-finder.js';
import { fetchedBase, type Base } from './base.js';
import type { BaseFrom } from './file/plan.js';
import { forkPoint } from './fork-point.js';
import type { PlanMode } from './legs/selection.js';
import { namedCommit } from './named-commit.js';
import type { PlanInputs } from './plan-inputs.js';
import { isRedelivery, modeOfEvent } from './plan-mode.js';
import type { PlannableEvent } from './plannable-event.js';
import { RELEASED_SINCE_MS, releasedSince, type ReleasedSince } from './released-since.js';
import { testedByMergeGroups, type TestedBefore } from './tested-before.js';

/** The two revisions of a plan, and what is done with its targets. */
export interface Revisions {
  readonly base: Base;
  readonly baseFrom: BaseFrom;
  /** With `workingTree`, the commit to which the uncommitted changes apply. */
  readonly head: { readonly commit: CommitId; readonly workingTree: boolean };
  readonly mode: PlanMode;
  /** Whether somebody chose the releases to make by hand. */
  readonly isRedelivery: boolean;
  /** Finds what was released after the green run that the head is compared with; null if that does not matter. */
  readonly findReleased: (() => Promise<ReleasedSince>) | null;
  /** Finds out whether the tests passed before for the head; null if no earlier run counts. */
  readonly findTested: (() => Promise<TestedBefore>) | null;
  readonly workflow: RunningWorkflow;
}

/** The workflow that runs while the plan is made. */
export type RunningWorkflow =
  | { readonly kind: 'file'; readonly path: RepositoryPath }
  /** Its file is in another repository. */
  | { readonly kind: 'elsewhere' }
  /** The plan is made on a developer's machine. */
  | { readonly kind: 'none' };

/**
 * Finds the revisions of a workflow run, as the table in docs/design.md says. Both commits are in the scratch
 * repository afterwards.
 *
 * @throws InputError if a revision that an input names does not exist; CommitMissingError if the head cannot be found
 */
export async function revisionsOfEvent(
  event: PlannableEvent,
  inputs: PlanInputs,
  repositories: Repositories,
  environment: Environment,
): Promise<Revisions> {
  const { scratch } = repositories;
  const mode = modeOfEvent(event, inputs);
  const commit =
    inputs.head === null ? commitOf(event) : await namedCommit('head', inputs.head, repositories);
  await scratch.remote.need(commit);
  const base =
    inputs.base === null
      ? await new BaseFinder({ commit, mode }, inputs, repositories, environment).baseOf(event)
      : await namedBase(inputs.base, 'the input base', repositories);
  const { greenRun } = base.kind === 'commit' ? base : {};
  const ofRuns = (): WorkflowRuns => new WorkflowRuns(environment, inputs.githubToken);
  return {
    base: await fetchedBase(base, scratch, event),
    findReleased:
      mode !== 'release' || greenRun === undefined
        ? null
        : () => releasedSince(new WorkflowRuns(environment, inputs.githubToken, RELEASED_SINCE_MS), greenRun),
    baseFrom: baseFromOf(event, inputs),
    head: { commit, workingTree: false },
    mode,
    isRedelivery: isRedelivery(event, mode, inputs),
    // If the base is unknown, GitHub has not answered: asking it again may take another minute.
    findTested:
      base.kind !== 'unknown' && mayBeTested(event, inputs)
        ? () =>
            testedByMergeGroups(ofRuns(), environment, {
              head: commit,
              base: base.kind === 'commit' ? base.commit : null,
              settings: inputs.testSettings,
            })
        : null,
    workflow: workflowOf(environment),
  };
}

/**
 * Finds the revisions on a developer's machine: from where the work left the remote's default branch to the working
 * tree.
 *
 * @throws InputError if a revision does not exist, or the base is unknown
 */
export async function revisionsOfWorkingTree(
  inputs: PlanInputs,
  repositories: Repositories,
): Promise<Revisions> {
  const { user, scratch } = repositories;
  const commit =
    inputs.head === null ? await user.head() : await namedCommit('head', inputs.head, repositories);
  await scratch.remote.need(commit);
  const base =
    inputs.base === null
      ? await forkPoint(commit, user)
      : await namedBase(inputs.base, 'the option --base', repositories);
  return {
    base: await fetchedBase(base, scratch, null),
    baseFrom: inputs.base === null ? 'event' : 'input',
    head: { commit, workingTree: inputs.head === null },
    mode: inputs.mode === 'auto' ? 'build' : inputs.mode,
    isRedelivery: false,
    findReleased: null,
    findTested: null,
    workflow: { kind: 'none' },
  };
}

/** Only what a push brings to a branch went through a merge queue. */
function mayBeTested(event: PlannableEvent, { mergeGroupCounts, githubToken }: PlanInputs): boolean {
  return (
    mergeGroupCounts && githubToken !== '' && event.name === 'push' && event.ref.startsWith('refs/heads/')
  );
}

async function namedBase(revision: string, why: string, repositories: Repositories): Promise<Base> {
  return { kind: 'commit', commit: await namedCommit('base', revision, repositories), why };
}

/** @throws InputError if the event names no commit, so that the input `head` is required */
function commitOf(event: PlannableEvent): CommitId {
  if (event.name === 'other') throw unknownEvent(event.event);
  return event.commit;
}

/**
 * In a called workflow, GITHUB_WORKFLOW_REF names the caller: `owner/name/.github/workflows/ci.yml@refs/heads/main`.
 */
function workflowOf(environment: Environment): RunningWorkflow {
  const prefix = `${environment.GITHUB_REPOSITORY ?? ''}/`;
  const [file = ''] = (environment.GITHUB_WORKFLOW_REF ?? '').split('@');
  return file.startsWith(prefix)
    ? { kind: 'file', path: file.slice(prefix.length) as RepositoryPath }
    : { kind: 'elsewhere' };
}

/** How the base is found, depending on the event and the inputs. */
function baseFromOf(event: PlannableEvent, inputs: PlanInputs): BaseFrom {
  if (inputs.base !== null) return 'input';
  const isOfBranch = 'ref' in event && event.ref.startsWith('refs/heads/');
  return isOfBranch && inputs.githubToken !== '' ? 'last green run' : 'event';
}
