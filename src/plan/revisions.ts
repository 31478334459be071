import type { Repository } from '../adapters/git/repository.js';
import { CommitMissingError } from '../adapters/git/remote.js';
import type { ScratchRepository } from '../adapters/git/scratch-repository.js';
import { isCommitId, type CommitId, type RepositoryPath } from '../graph/tree.js';
import { unknownEvent, type Environment, type Event } from '../adapters/github/event.js';
import { lastGreenCommit } from './green-runs.js';
import { WorkflowRuns } from '../adapters/github/runs.js';
import { InputError } from '../text/input-error.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanMode } from './legs/selection.js';
import type { BaseFrom } from './file/plan.js';

/** What a plan compares its head with, and why that. */
export type Base =
  | { readonly kind: 'commit'; readonly commit: CommitId; readonly why: string }
  /** There is nothing to compare with, which is an answer: everything is affected, for this reason. */
  | { readonly kind: 'none'; readonly why: string }
  /** Nobody answered, or the commit cannot be had: everything is affected, and nothing may be released. */
  | { readonly kind: 'unknown'; readonly why: string };

/** What started a workflow that has something to plan for. */
export type PlannableEvent = Exclude<Event, { name: 'deletion' }>;

/** The two revisions of a plan, and what is to be done with its targets. */
export interface Revisions {
  readonly base: Base;
  readonly baseFrom: BaseFrom;
  /** With `workingTree`, the commit that the uncommitted files stand upon. */
  readonly head: { readonly commit: CommitId; readonly workingTree: boolean };
  readonly mode: PlanMode;
  /** The file of the workflow that runs; null on a developer's machine, and where it is another repository's. */
  readonly workflowFile: RepositoryPath | null;
}

/**
 * The revisions of a workflow run, by the design's table. Both commits are in the scratch repository afterwards.
 *
 * @throws InputError if a revision that an input names does not exist; CommitMissingError if the head is nowhere
 */
export async function revisionsOfEvent(
  event: PlannableEvent,
  inputs: PlanInputs,
  repository: Repository,
  scratch: ScratchRepository,
  environment: Environment,
): Promise<Revisions> {
  const mode = inputs.mode === 'auto' ? modeOf(event, inputs) : inputs.mode;
  const refusal = mode === 'release' ? whyNoRelease(event) : null;
  if (refusal !== null) throw new InputError('mode', inputs.mode, `auto, build, test for ${refusal}`);
  const commit =
    inputs.head === null ? commitOf(event) : await named('head', inputs.head, repository, scratch);
  await scratch.remote.need(commit);
  const base =
    inputs.base === null
      ? await baseOfEvent(event, { commit, mode }, inputs, { repository, scratch, environment })
      : {
          kind: 'commit' as const,
          commit: await named('base', inputs.base, repository, scratch),
          why: 'the input base',
        };
  return {
    base: await available(base, scratch, event),
    baseFrom: baseFromOf(event, inputs),
    head: { commit, workingTree: false },
    mode,
    workflowFile: workflowFileOf(environment),
  };
}

/** Why an event's plan releases nothing, whatever the inputs say: the event, and the reason. */
function whyNoRelease(event: PlannableEvent): string | null {
  switch (event.name) {
    case 'pull_request':
    case 'merge_group':
      return `the event ${event.name}: what is not merged is not released`;
    case 'other':
      return `the event ${event.event}: only what was pushed, or what somebody releases by hand, is released`;
    case 'push':
    case 'schedule':
    case 'workflow_dispatch':
      return null;
  }
}

/** @throws InputError if the event's own words do not say which commit it is about */
function commitOf(event: PlannableEvent): CommitId {
  if (event.name === 'other') throw unknownEvent(event.event);
  return event.commit;
}

/** In a called workflow, GITHUB_WORKFLOW_REF names the caller: `owner/name/.github/workflows/ci.yml@refs/heads/main`. */
function workflowFileOf(environment: Environment): RepositoryPath | null {
  const prefix = `${environment.GITHUB_REPOSITORY ?? ''}/`;
  const [file = ''] = (environment.GITHUB_WORKFLOW_REF ?? '').split('@');
  return file.startsWith(prefix) ? (file.slice(prefix.length) as RepositoryPath) : null;
}

/** How `baseOfEvent` and the inputs find the base. */
function baseFromOf(event: PlannableEvent, inputs: PlanInputs): BaseFrom {
  if (inputs.base !== null) return 'input';
  const isOfBranch = 'ref' in event && event.ref.startsWith('refs/heads/');
  return isOfBranch && inputs.githubToken !== '' ? 'last green run' : 'event';
}

/**
 * The revisions of a developer's machine: from where the work left the remote's default branch to the working tree.
 *
 * @throws InputError if a revision does not exist, or the base cannot be told
 */
export async function revisionsOfWorkingTree(
  inputs: PlanInputs,
  repository: Repository,
  scratch: ScratchRepository,
): Promise<Revisions> {
  const commit =
    inputs.head === null ? await repository.head() : await named('head', inputs.head, repository, scratch);
  await scratch.remote.need(commit);
  const base =
    inputs.base === null
      ? await forkPoint(commit, repository)
      : {
          kind: 'commit' as const,
          commit: await named('base', inputs.base, repository, scratch),
          why: 'the option --base',
        };
  return {
    base: await available(base, scratch, null),
    baseFrom: inputs.base === null ? 'event' : 'input',
    head: { commit, workingTree: inputs.head === null },
    mode: inputs.mode === 'auto' ? 'build' : inputs.mode,
    workflowFile: null,
  };
}

/** Where a base is looked for. */
interface Places {
  readonly repository: Repository;
  readonly scratch: ScratchRepository;
  readonly environment: Environment;
}

/** What is planned for, and how. */
interface Head {
  readonly commit: CommitId;
  readonly mode: PlanMode;
}

async function baseOfEvent(
  event: PlannableEvent,
  head: Head,
  inputs: PlanInputs,
  places: Places,
): Promise<Base> {
  switch (event.name) {
    case 'other':
      throw unknownEvent(event.event);
    case 'pull_request':
      if (inputs.head === null) return baseOfMerge(event, places.scratch);
      return event.baseBranch === null
        ? { kind: 'unknown', why: 'the event does not say which branch the pull request is for' }
        : whereItLeft(event.baseBranch, head.commit, inputs, places);
    case 'merge_group':
      return { kind: 'commit', commit: event.base, why: "the merge group's base" };
    case 'schedule':
      return { kind: 'none', why: 'a scheduled run tests everything' };
    case 'push': {
      if (!event.ref.startsWith('refs/heads/')) {
        return { kind: 'none', why: `the push of ${event.ref} has no earlier state to compare with` };
      }
      const green = await baseOfGreenRun(event.ref, head.commit, inputs, places);
      if (green.kind !== 'before') return green;
      return event.before === null
        ? baseOfFirstPush(event, head, inputs, places)
        : { kind: 'commit', commit: event.before, why: `the state before this push (${green.why})` };
    }
    case 'workflow_dispatch': {
      if (!event.ref.startsWith('refs/heads/')) {
        return { kind: 'none', why: `a run by hand on ${event.ref} has no earlier state to compare with` };
      }
      const green = await baseOfGreenRun(event.ref, head.commit, inputs, places);
      return green.kind === 'before'
        ? { kind: 'none', why: `a run by hand with nothing to compare with: ${green.why}` }
        : green;
    }
  }
}

/** GitHub's merge commit: its first parent is the base branch that the pull request was merged with. */
async function baseOfMerge(
  event: Extract<Event, { name: 'pull_request' }>,
  scratch: ScratchRepository,
): Promise<Base> {
  await scratch.remote.need(event.commit);
  const [first, second, ...more] = await scratch.parents(event.commit);
  if (first !== undefined && second === event.pullRequestHead && more.length === 0) {
    return { kind: 'commit', commit: first, why: "the first parent of the pull request's merge commit" };
  }
  return {
    kind: 'unknown',
    why:
      `${event.commit} is not GitHub's merge of ${event.pullRequestHead}: its base cannot be told ` +
      '(name it with the input `base`)',
  };
}

/**
 * What is new on a branch that does not release is what it has beyond the default branch. A release branch has released
 * nothing yet, so all of it is new.
 */
async function baseOfFirstPush(
  event: Extract<Event, { name: 'push' }>,
  head: Head,
  inputs: PlanInputs,
  places: Places,
): Promise<Base> {
  const { defaultBranch } = event;
  const isCompared =
    head.mode !== 'release' &&
    !isReleaseBranch(event, inputs) &&
    defaultBranch !== null &&
    event.ref !== `refs/heads/${defaultBranch}`;
  return isCompared
    ? whereItLeft(defaultBranch, head.commit, inputs, places)
    : { kind: 'none', why: 'the branch is new: there is no earlier state to compare with' };
}

/** The merge base of a commit with a branch: by the clone where its history is whole, else by GitHub. */
async function whereItLeft(
  branch: string,
  head: CommitId,
  inputs: PlanInputs,
  { repository, scratch, environment }: Places,
): Promise<Base> {
  const why = `where it left ${branch}`;
  const known = await repository.resolve(`refs/remotes/origin/${branch}`);
  const inClone =
    known === null || (await repository.isShallow()) ? null : await repository.mergeBase(head, known);
  if (inClone !== null) return { kind: 'commit', commit: inClone, why };
  const unknown = (reason: string): Base => ({
    kind: 'unknown',
    why: `nobody says where it left ${branch}: ${reason}`,
  });
  if (inputs.githubToken === '')
    return unknown('the clone is too shallow to tell, and there is no github-token to ask GitHub with');
  const tip = await scratch.remote.branch(branch);
  if (tip === null) return unknown(`the remote does not tell the commit of ${branch}`);
  try {
    const commit = await new WorkflowRuns(environment, inputs.githubToken).mergeBase(tip, head);
    return commit === null
      ? { kind: 'none', why: `GitHub knows no common ancestor of it and ${branch}` }
      : { kind: 'commit', commit, why };
  } catch (error) {
    return unknown(error instanceof Error ? error.message : String(error));
  }
}

async function baseOfGreenRun(
  ref: string,
  head: CommitId,
  inputs: PlanInputs,
  { repository, environment }: Places,
): Promise<Base | { readonly kind: 'before'; readonly why: string }> {
  const branch = ref.slice('refs/heads/'.length);
  if (inputs.githubToken === '')
    return { kind: 'before', why: 'no github-token to look up the last green run with' };
  const green = await lastGreenCommit(environment, inputs.githubToken, branch, head, (ancestor, descendant) =>
    repository.isAncestor(ancestor, descendant),
  );
  switch (green.kind) {
    case 'found':
      return {
        kind: 'commit',
        commit: green.commit,
        why: `the last green run on ${branch}: ${green.runUrl}`,
      };
    case 'no runs':
      return { kind: 'before', why: `no earlier run on ${branch}` };
    case 'none green':
      return {
        kind: 'none',
        why: `no earlier run on ${branch} was green for a commit that is still in its history: what failed then is tested and released now`,
      };
    case 'unknown':
      return { kind: 'unknown', why: `the last green run on ${branch} cannot be looked up: ${green.why}` };
  }
}

function modeOf(event: PlannableEvent, inputs: PlanInputs): PlanMode {
  return event.name === 'push' && isReleaseBranch(event, inputs) ? 'release' : 'build';
}

function isReleaseBranch(event: Extract<Event, { name: 'push' }>, inputs: PlanInputs): boolean {
  if (!event.ref.startsWith('refs/heads/')) return false;
  const branch = event.ref.slice('refs/heads/'.length);
  return (
    inputs.isReleaseBranch?.(branch) ??
    (event.defaultBranch === null ? ['main', 'master'].includes(branch) : branch === event.defaultBranch)
  );
}

async function forkPoint(head: CommitId, repository: Repository): Promise<Base> {
  const branch = await repository.remoteDefaultBranch();
  if (branch === null) {
    throw new InputError(
      'base',
      '',
      "a revision to compare with, such as main, since this clone does not know a remote's default branch " +
        '(`git remote set-head origin --auto` tells it)',
    );
  }
  const tip = await repository.resolve(branch);
  const fork = tip === null ? null : await repository.mergeBase(head, tip);
  if (fork === null) {
    const why = `no common ancestor with ${branch} in this clone`;
    return (await repository.isShallow())
      ? { kind: 'unknown', why: `${why} (git fetch --unshallow brings it)` }
      : { kind: 'none', why };
  }
  return { kind: 'commit', commit: fork, why: `where the work left ${branch}` };
}

/** A base that is nowhere to be had is unknown, unless it is gone because the push rewrote the history. */
async function available(
  base: Base,
  scratch: ScratchRepository,
  event: PlannableEvent | null,
): Promise<Base> {
  if (base.kind !== 'commit') return base;
  try {
    await scratch.remote.need(base.commit);
    return base;
  } catch (error) {
    if (!(error instanceof CommitMissingError)) throw error;
    const isRewritten =
      error.isGone && event?.name === 'push' && event.forced && event.before === base.commit;
    return {
      kind: isRewritten ? 'none' : 'unknown',
      why: `the base (${base.why}) cannot be had: ${error.message}`,
    };
  }
}

/** A revision that the user named: as this clone knows it, else as a commit id, else as a branch or tag of the remote. */
async function named(
  input: 'base' | 'head',
  revision: string,
  repository: Repository,
  scratch: ScratchRepository,
): Promise<CommitId> {
  const known = (await repository.resolve(revision)) ?? (await repository.resolve(`origin/${revision}`));
  if (known !== null) return known;
  if (isCommitId(revision)) return revision;
  const remote = await scratch.remote.resolve(revision);
  if (remote !== null) return remote;
  throw new InputError(
    input,
    revision,
    'a full commit id, a branch or a tag, or whatever else this clone knows (a short id it may have to fetch first)',
  );
}
