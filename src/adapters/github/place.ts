import type { Environment } from './event.js';

/** Where a workflow runs. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
  /** The file name of the workflow. */
  readonly workflow: string;
}

/** The repository and the workflow that the environment of a runner names; null if it names none. */
export function placeOf(environment: Environment): Place | null {
  const [owner, repo] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  // owner/name/.github/workflows/ci.yml@refs/heads/main: in a called workflow this is the caller's, whose runs count.
  const workflow = /\/([^/@]+)@/.exec(environment.GITHUB_WORKFLOW_REF ?? '')?.[1];
  return owner && repo && workflow !== undefined ? { owner, repo, workflow } : null;
}
