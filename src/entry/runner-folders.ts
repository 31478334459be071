import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { GitError } from '../adapters/git/git.js';
import { Repository } from '../adapters/git/repository.js';
import { InputError } from '../text/input-error.js';

/** The runner's folder for the checkout, unless `actions/checkout` was given a `path`. */
export function githubWorkspace(): string {
  return process.env.GITHUB_WORKSPACE ?? process.cwd();
}

/**
 * The folder of the Bazel workspace in the checkout.
 *
 * @throws InputError if it does not exist
 */
export function workspaceFolder(workspace: string): string {
  const folder = join(githubWorkspace(), workspace);
  if (existsSync(folder)) return folder;
  throw new InputError('workspace', workspace, {
    problem: 'does not exist: check the path, and whether an earlier step has checked the repository out',
  });
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
