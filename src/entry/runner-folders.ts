import { join } from 'node:path';
import { GitError } from '../adapters/git/git.js';
import { Repository } from '../adapters/git/repository.js';

/** Where the runner has the checkout, unless `actions/checkout` was given a `path`. */
export function githubWorkspace(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}

/**
 * What stands before a path of the Bazel workspace in an annotation: GitHub knows paths of the repository alone, and
 * the input `workspace` also names the `path` of `actions/checkout`.
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
