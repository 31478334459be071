import type { Repositories } from '../adapters/git/repositories.js';
import { unknownEvent, type Environment, type Event } from '../adapters/github/event.js';
import { WorkflowRuns } from '../adapters/github/runs.js';
import type { CommitId } from '../graph/tree.js';
import type { Base } from './base.js';
import { lastGreenCommit } from './green-runs.js';
import type { PlanMode } from './legs/selection.js';
import type { PlanInputs } from './plan-inputs.js';
import { isRedelivery, isReleaseBranch } from './plan-mode.js';
import type { PlannableEvent } from './plannable-event.js';

/** The head of a plan, and how it is planned. */
export interface PlannedHead {
  readonly commit: CommitId;
  readonly mode: PlanMode;
}

type EventNamed<Name extends Event['name']> = Extract<Event, { name: Name }>;

/** No earlier run provides a base, so the base is the state before the push, if there was one. */
type NoRun = { readonly kind: 'no run'; readonly why: string };

/** Finds the base of a workflow run if no input names it, as the table in docs/design.md says. */
export class BaseFinder {
  constructor(
    private readonly head: PlannedHead,
    private readonly inputs: PlanInputs,
    private readonly repositories: Repositories,
    private readonly environment: Environment,
  ) {}

  /** @throws InputError if the event does not decide a base, so that the input `base` is required */
  async baseOf(event: PlannableEvent): Promise<Base> {
    switch (event.name) {
      case 'other':
        throw unknownEvent(event.event);
      case 'pull_request':
        return this.baseOfPullRequest(event);
      case 'merge_group':
        return { kind: 'commit', commit: event.base, why: "the merge group's base" };
      case 'schedule':
        return { kind: 'none', why: 'a scheduled run tests everything' };
      case 'push':
        return this.baseOfPush(event);
      case 'workflow_dispatch':
        return this.baseOfRunByHand(event);
    }
  }

  private async baseOfPullRequest(event: EventNamed<'pull_request'>): Promise<Base> {
    if (this.inputs.head === null) return this.baseOfMerge(event);
    return event.baseBranch === null
      ? { kind: 'unknown', why: 'the event does not say which branch the pull request is for' }
      : this.whereItLeft(event.baseBranch);
  }

  /**
   * The base of GitHub's merge commit is its first parent: the commit of the base branch that the pull request was
   * merged with.
   */
  private async baseOfMerge(event: EventNamed<'pull_request'>): Promise<Base> {
    const { scratch } = this.repositories;
    await scratch.remote.need(event.commit);
    const [first, second, ...more] = await scratch.parents(event.commit);
    if (first !== undefined && second === event.pullRequestHead && more.length === 0) {
      return { kind: 'commit', commit: first, why: "the first parent of the pull request's merge commit" };
    }
    return {
      kind: 'unknown',
      why:
        `${event.commit} is not GitHub's merge of ${event.pullRequestHead}: its base is unknown ` +
        '(name it with the input `base`)',
    };
  }

  private async baseOfPush(event: EventNamed<'push'>): Promise<Base> {
    if (!event.ref.startsWith('refs/heads/')) {
      return { kind: 'none', why: `the push of ${event.ref} has no earlier state to compare with` };
    }
    const green = await this.baseOfGreenRun(event.ref);
    if (green.kind !== 'no run') return green;
    return event.before === null
      ? this.baseOfFirstPush(event)
      : { kind: 'commit', commit: event.before, why: `the state before this push (${green.why})` };
  }

  private async baseOfRunByHand(event: EventNamed<'workflow_dispatch'>): Promise<Base> {
    if (isRedelivery(event, this.head.mode, this.inputs))
      return { kind: 'none', why: 'a run by hand releases what the input targets names' };
    if (!event.ref.startsWith('refs/heads/')) {
      return { kind: 'none', why: `a run by hand on ${event.ref} has no earlier state to compare with` };
    }
    const green = await this.baseOfGreenRun(event.ref);
    return green.kind === 'no run'
      ? { kind: 'none', why: `a run by hand with nothing to compare with: ${green.why}` }
      : green;
  }

  /**
   * A branch that does not release is compared with the default branch. A release branch has released nothing yet, so
   * everything on it is new.
   */
  private async baseOfFirstPush(event: EventNamed<'push'>): Promise<Base> {
    const { defaultBranch } = event;
    const isCompared =
      this.head.mode !== 'release' &&
      !isReleaseBranch(event, this.inputs) &&
      defaultBranch !== null &&
      event.ref !== `refs/heads/${defaultBranch}`;
    return isCompared
      ? this.whereItLeft(defaultBranch)
      : { kind: 'none', why: 'the branch is new: there is no earlier state to compare with' };
  }

  /** The merge base of the head with a branch. The clone answers this if its history is complete, else GitHub does. */
  private async whereItLeft(branch: string): Promise<Base> {
    const why = `where it left ${branch}`;
    const inClone = await this.mergeBaseInClone(branch);
    if (inClone !== null) return { kind: 'commit', commit: inClone, why };
    const unknown = (reason: string): Base => ({
      kind: 'unknown',
      why: `it is unknown where it left ${branch}: ${reason}`,
    });
    if (this.inputs.githubToken === '')
      return unknown('the clone is too shallow to tell, and there is no github-token to ask GitHub with');
    const tip = await this.repositories.scratch.remote.branch(branch);
    if (tip === null) return unknown(`the remote does not report the commit of ${branch}`);
    try {
      const commit = await this.workflowRuns().mergeBase(tip, this.head.commit);
      return commit === null
        ? { kind: 'none', why: `GitHub knows no common ancestor of it and ${branch}` }
        : { kind: 'commit', commit, why };
    } catch (error) {
      return unknown(error instanceof Error ? error.message : String(error));
    }
  }

  private async mergeBaseInClone(branch: string): Promise<CommitId | null> {
    const { user } = this.repositories;
    const tip = await user.resolve(`refs/remotes/origin/${branch}`);
    return tip === null || (await user.isShallow()) ? null : user.mergeBase(this.head.commit, tip);
  }

  private async baseOfGreenRun(ref: string): Promise<Base | NoRun> {
    const branch = ref.slice('refs/heads/'.length);
    const { githubToken } = this.inputs;
    if (githubToken === '')
      return { kind: 'no run', why: 'no github-token to look up the last green run with' };
    const green = await lastGreenCommit(
      this.environment,
      githubToken,
      branch,
      this.head.commit,
      (ancestor, descendant) => this.repositories.user.isAncestor(ancestor, descendant),
    );
    switch (green.kind) {
      case 'found':
        return {
          kind: 'commit',
          commit: green.commit,
          why: `the last green run on ${branch}: ${green.runUrl}`,
          greenRun: green.runNumber,
        };
      case 'no runs':
        return { kind: 'no run', why: `no earlier run on ${branch}` };
      case 'none green':
        return {
          kind: 'none',
          why: `no earlier run on ${branch} was green for a commit that is still in its history: everything that earlier runs left undone runs now`,
        };
      case 'unknown':
        return {
          kind: 'unknown',
          why: `the last green run on ${branch} could not be determined: ${green.why}`,
        };
    }
  }

  private workflowRuns(): WorkflowRuns {
    return new WorkflowRuns(this.environment, this.inputs.githubToken);
  }
}
