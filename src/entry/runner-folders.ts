import { join } from 'node:path';
import { GitError } from '../adapters/git/git.js';
import { Repository } from '../adapters/git/repository.js';

/** The runner's folder for the checkout, unless `actions/checkout` was given a `path`. */
export function githubWorkspace(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}

/**
 * The prefix for workspace paths in annotations. GitHub expects paths in the repository, but the input `workspace` also
 * contains the `path` of `actions/checkout`.
 */
export async function annotationFolder(workspace: string): Promise<string> {
  const folder = join(githubWorkspace(), workspace);
  try {
    return (await Repository.open(folder)).pathOf(folder);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return workspace;
  }
}
