import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { copyExample } from '../../scripts/copy-example.mjs';

/** The new content of files by path; null deletes a file. */
export type Edit = Readonly<Record<string, string>>;

/** An event with the revision that it is about. */
export interface Event {
  readonly name: 'pull_request' | 'push' | 'merge_group';
  readonly payload: Readonly<Record<string, unknown>>;
  /** The commit that the push is compared with if the run of that commit was green. */
  readonly base: string;
}

/** The example as a git repository whose CI is this project's workflow. */
export class Monorepo {
  private constructor(readonly folder: string) {}

  /** @param workflow the text of its only workflow file */
  static create(folder: string, workflow: string, before: Edit = {}): Monorepo {
    const repository = new Monorepo(folder);
    copyExample(folder);
    repository.write({ '.github/workflows/ci.yml': workflow, ...before });
    repository.git('init', '--quiet', '--initial-branch=main');
    // act derives GITHUB_REPOSITORY from it.
    repository.git('remote', 'add', 'origin', 'https://github.com/org/monorepo');
    // As on GitHub, a commit can be fetched by its id.
    repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    repository.git('config', 'uploadpack.allowFilter', 'true');
    repository.commit('before');
    return repository;
  }

  /** A push to main with one commit. */
  push(edit: Edit): Event {
    const base = this.head();
    this.write(edit);
    const commit = this.commit('pushed');
    // act runs the commit `after` only where the event says that it deletes nothing, as GitHub's do.
    const payload = {
      ref: 'refs/heads/main',
      before: base,
      after: commit,
      deleted: false,
      repository: ABOUT,
    };
    return { name: 'push', payload, base };
  }

  /** A merge group with one commit, and the push of this commit after it. */
  mergeGroup(edit: Edit): { readonly group: Event; readonly push: Event; readonly head: string } {
    const push = this.push(edit);
    const head = this.head();
    const refs = { head_ref: 'refs/heads/gh-readonly-queue/main/pr-7', base_ref: 'refs/heads/main' };
    const payload = {
      action: 'checks_requested',
      repository: ABOUT,
      merge_group: { head_sha: head, base_sha: push.base, ...refs },
    };
    return { group: { name: 'merge_group', payload, base: push.base }, push, head };
  }

  /** A push that deletes a branch: GitHub runs it for the tip of the default branch. */
  deletion(branch: string): Event {
    const base = this.head();
    const none = '0'.repeat(40);
    const payload = {
      ref: `refs/heads/${branch}`,
      before: base,
      after: none,
      deleted: true,
      repository: ABOUT,
    };
    return { name: 'push', payload, base };
  }

  /** A pull request with one commit. GitHub's merge commit of it is checked out. */
  pullRequest(edit: Edit): Event {
    const base = this.head();
    this.git('checkout', '--quiet', '-b', 'topic');
    this.write(edit);
    const head = this.commit('proposed');
    this.git('checkout', '--quiet', '--detach', base);
    this.git('merge', '--quiet', '--no-ff', '--message=merge', head);
    const payload = {
      number: 7,
      repository: ABOUT,
      pull_request: { number: 7, head: { sha: head, ref: 'topic' }, base: { sha: base, ref: 'main' } },
    };
    return { name: 'pull_request', payload, base };
  }

  isAncestor(ancestor: string, descendant: string): boolean {
    return this.git('rev-list', descendant).split('\n').includes(ancestor);
  }

  private write(edit: Edit): void {
    for (const [path, content] of Object.entries(edit)) {
      const file = join(this.folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content, { mode: path.endsWith('.sh') ? 0o755 : 0o644 });
    }
  }

  private commit(message: string): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', `--message=${message}`);
    return this.head();
  }

  private head(): string {
    return this.git('rev-parse', 'HEAD').trim();
  }

  private git(...args: string[]): string {
    const identity = {
      GIT_AUTHOR_NAME: 'A',
      GIT_AUTHOR_EMAIL: 'a@example.com',
      GIT_COMMITTER_NAME: 'A',
      GIT_COMMITTER_EMAIL: 'a@example.com',
    };
    return execFileSync('git', args, {
      cwd: this.folder,
      encoding: 'utf8',
      env: { ...process.env, ...identity },
    });
  }
}

const ABOUT = {
  default_branch: 'main',
  full_name: 'org/monorepo',
  name: 'monorepo',
  owner: { login: 'org' },
};
