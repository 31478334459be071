import type { Environment } from './event.js';

/** The repository and the workflow that run. */
export interface Place {
  readonly owner: string;
  readonly repo: string;
  /** The file name of the workflow. */
  readonly workflow: string;
}

/** Reads both from a runner's environment; null if they are missing. */
export function placeOf(environment: Environment): Place | null {
  const [owner, repo] = (environment.GITHUB_REPOSITORY ?? '').split('/');
  // owner/name/.github/workflows/ci.yml@refs/heads/main. In a called workflow this is the calling one, whose runs
  // count.
  const workflow = /\/([^/@]+)@/.exec(environment.GITHUB_WORKFLOW_REF ?? '')?.[1];
  return owner && repo && workflow !== undefined ? { owner, repo, workflow } : null;
}

/** The address of the repository that this process runs for; null if it is unknown. */
export function repositoryUrl(environment: Environment): string | null {
  const { GITHUB_SERVER_URL: server = 'https://github.com', GITHUB_REPOSITORY: repository = '' } =
    environment;
  return repository === '' ? null : `${server}/${repository}`;
}

/** The address of the run that this process is part of. */
export function runUrl(environment: Environment): string {
  return `${repositoryUrl(environment) ?? ''}/actions/runs/${environment.GITHUB_RUN_ID ?? ''}`;
}
