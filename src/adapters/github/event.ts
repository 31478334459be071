import { readFileSync } from 'node:fs';
import { isCommitId, type CommitId } from '../../graph/tree.js';
import { InputError } from '../../text/input-error.js';

/** What started the workflow, as far as a plan depends on it. */
export type Event =
  | {
      readonly name: 'push';
      /** `refs/heads/…` or `refs/tags/…` */
      readonly ref: string;
      /** Null on a new branch or tag. */
      readonly before: CommitId | null;
      /** Whether the push rewrote the history of its branch. */
      readonly forced: boolean;
      readonly commit: CommitId;
      readonly defaultBranch: string | null;
    }
  /** A push that deleted a branch or a tag: nothing is left of it to plan for. */
  | {
      readonly name: 'deletion';
      /** What was deleted: `refs/heads/…` or `refs/tags/…` */
      readonly ref: string;
      /** GitHub names the tip of the default branch, which nobody pushed. */
      readonly commit: CommitId;
    }
  | {
      readonly name: 'pull_request';
      /** The merge commit that GitHub made. */
      readonly commit: CommitId;
      /** The pull request's own head. */
      readonly pullRequestHead: CommitId;
      /** The branch that it is to be merged into. */
      readonly baseBranch: string | null;
    }
  | { readonly name: 'merge_group'; readonly commit: CommitId; readonly base: CommitId }
  | { readonly name: 'workflow_dispatch'; readonly ref: string; readonly commit: CommitId }
  | { readonly name: 'schedule'; readonly commit: CommitId }
  /** Any other event, whose payload is not read here: the inputs have to name what is compared. @property event its name */
  | { readonly name: 'other'; readonly event: string };

const EVENTS = ['push', 'pull_request', 'merge_group', 'workflow_dispatch', 'schedule'];

/** It runs what a stranger wrote with the rights of the repository. */
const REFUSED = 'pull_request_target';

/** The environment variables of a runner that this program reads. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the event from the runner's environment and its payload file.
 *
 * @throws InputError if it is refused, or lacks what it must have
 */
export function readEvent(environment: Environment): Event {
  const name = environment.GITHUB_EVENT_NAME ?? '';
  if (name === '' || name === REFUSED) throw unknownEvent(name);
  if (!EVENTS.includes(name)) return { name: 'other', event: name };
  const payload = readPayload(environment.GITHUB_EVENT_PATH);
  const commit = required(environment.GITHUB_SHA, 'GITHUB_SHA');
  const ref = environment.GITHUB_REF ?? '';
  switch (name) {
    case 'push':
      if (isDeletion(payload)) {
        // The runner's own ref may be the default branch's, as its commit is.
        return { name: 'deletion', ref: payloadText(payload, 'ref') ?? ref, commit };
      }
      return {
        name,
        ref,
        before: optional(payloadText(payload, 'before')),
        forced: valueAt(payload, 'forced') === true,
        commit,
        defaultBranch: payloadText(payload, 'repository', 'default_branch') ?? null,
      };
    case 'pull_request':
      return {
        name,
        commit,
        pullRequestHead: required(
          payloadText(payload, 'pull_request', 'head', 'sha'),
          'pull_request.head.sha',
        ),
        baseBranch: payloadText(payload, 'pull_request', 'base', 'ref') ?? null,
      };
    case 'merge_group':
      return {
        name,
        commit: required(payloadText(payload, 'merge_group', 'head_sha') ?? commit, 'merge_group.head_sha'),
        base: required(payloadText(payload, 'merge_group', 'base_sha'), 'merge_group.base_sha'),
      };
    case 'workflow_dispatch':
      return { name, ref, commit };
    default:
      return { name: 'schedule', commit };
  }
}

/** Says that a plan cannot tell by an event what is to be compared. */
export function unknownEvent(name: string): InputError {
  const others = `any other event with both inputs base and head, but ${REFUSED}, which would run untrusted code with your rights`;
  return new InputError('event (GITHUB_EVENT_NAME)', name, `${EVENTS.join(', ')} (${others})`);
}

/** Deleted: there is no commit after the push. */
function isDeletion(payload: unknown): boolean {
  return valueAt(payload, 'deleted') === true || /^0+$/.test(payloadText(payload, 'after') ?? '');
}

function readPayload(path: string | undefined): unknown {
  if (path === undefined || path === '')
    throw new InputError('event payload (GITHUB_EVENT_PATH)', '', 'the path of a readable JSON file');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new InputError(
      'event payload (GITHUB_EVENT_PATH)',
      path,
      `a readable JSON file (${String(error)})`,
    );
  }
}

function payloadText(payload: unknown, ...keys: readonly string[]): string | undefined {
  const value = valueAt(payload, ...keys);
  return typeof value === 'string' ? value : undefined;
}

function valueAt(payload: unknown, ...keys: readonly string[]): unknown {
  let at = payload;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

function required(text: string | undefined, name: string): CommitId {
  if (text === undefined || !isCommitId(text))
    throw new InputError(`event payload (${name})`, text ?? '', 'a commit id');
  return text;
}

/** GitHub writes all zeros for a commit that there is none of. */
function optional(text: string | undefined): CommitId | null {
  return text !== undefined && isCommitId(text) && !/^0+$/.test(text) ? text : null;
}
