import { readFileSync } from 'node:fs';
import { isCommitId, type CommitId } from '../../graph/tree.js';
import { InputError } from '../../text/input-error.js';

/** The event that started the workflow, with what a plan needs of it. */
export type Event =
  | {
      readonly name: 'push';
      /** `refs/heads/…` or `refs/tags/…` */
      readonly ref: string;
      /** Null if the branch or tag is new. */
      readonly before: CommitId | null;
      /** Whether the push rewrote the history of its branch. */
      readonly forced: boolean;
      readonly commit: CommitId;
      readonly defaultBranch: string | null;
    }
  /** A push that deleted a branch or a tag, so there is nothing to plan for. */
  | {
      readonly name: 'deletion';
      /** The deleted ref: `refs/heads/…` or `refs/tags/…` */
      readonly ref: string;
      /** The tip of the default branch, which GitHub names here although the push did not change it. */
      readonly commit: CommitId;
    }
  | {
      readonly name: 'pull_request';
      /** The merge commit that GitHub made. */
      readonly commit: CommitId;
      /** The pull request's own head. */
      readonly pullRequestHead: CommitId;
      /** The branch that the pull request is to be merged into. */
      readonly baseBranch: string | null;
    }
  | { readonly name: 'merge_group'; readonly commit: CommitId; readonly base: CommitId }
  | { readonly name: 'workflow_dispatch'; readonly ref: string; readonly commit: CommitId }
  | { readonly name: 'schedule'; readonly commit: CommitId }
  /** Any other event. Its payload is not read, so the inputs must name base and head. @property event its name */
  | { readonly name: 'other'; readonly event: string };

const EVENTS = ['push', 'pull_request', 'merge_group', 'workflow_dispatch', 'schedule'];

/** This event runs untrusted code with the rights of the repository. */
const REFUSED_EVENT = 'pull_request_target';

/** The environment variables of the runner. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the event from the runner's environment and its payload file.
 *
 * @throws InputError if the event is refused, or required fields are missing
 */
export function readEvent(environment: Environment): Event {
  const name = environment.GITHUB_EVENT_NAME ?? '';
  if (name === '' || name === REFUSED_EVENT) throw unknownEvent(name);
  if (!EVENTS.includes(name)) return { name: 'other', event: name };
  const payload = readPayload(environment.GITHUB_EVENT_PATH);
  const commit = required(environment.GITHUB_SHA, 'GITHUB_SHA');
  const ref = environment.GITHUB_REF ?? '';
  switch (name) {
    case 'push':
      if (isDeletion(payload)) {
        // The runner's own ref may be that of the default branch, like its commit.
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

/** The error for an event that does not determine base and head. */
export function unknownEvent(name: string): InputError {
  const others = `any other event with both inputs base and head, but ${REFUSED_EVENT}, which would run untrusted code with your rights`;
  return new InputError('event (GITHUB_EVENT_NAME)', name, `${EVENTS.join(', ')} (${others})`);
}

/** Whether the push deleted a ref: there is no commit after it. */
function isDeletion(payload: unknown): boolean {
  return valueAt(payload, 'deleted') === true || /^0+$/.test(payloadText(payload, 'after') ?? '');
}

function readPayload(path: string | undefined): unknown {
  if (path === undefined || path === '')
    throw new InputError('event payload (GITHUB_EVENT_PATH)', '', {
      problem: 'names no readable JSON file: GitHub sets it to the file with the event of the run',
    });
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as unknown;
  } catch (error) {
    throw new InputError('event payload (GITHUB_EVENT_PATH)', path, {
      problem: `is not a readable JSON file: ${String(error)}`,
    });
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

/** GitHub writes all zeros if there is no commit. */
function optional(text: string | undefined): CommitId | null {
  return text !== undefined && isCommitId(text) && !/^0+$/.test(text) ? text : null;
}
