import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import type { CommitId } from '../../src/graph/tree.js';
import { writeFiles, type Files } from './files.js';
import { TemporaryFolder } from './temporary-folder.js';

/** Git as on a machine without settings of anybody's. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  LC_ALL: 'C.UTF-8',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};

/** It serves any commit by its id as GitHub does, and takes submodules from folders. */
const SETTINGS = `[uploadpack]
  allowAnySHA1InWant = true
  allowFilter = true
[protocol "file"]
  allow = always
`;

/** A git repository with a working tree, written by a test. */
export class TestRepository {
  private constructor(readonly folder: string) {}

  /** A new repository. @param folder where it stands: a temporary folder where a test does not care */
  static create(folder = new TemporaryFolder().path): TestRepository {
    mkdirSync(folder, { recursive: true });
    const repository = new TestRepository(folder);
    repository.git('init', '--quiet', '--initial-branch=main');
    appendFileSync(join(folder, '.git/config'), SETTINGS);
    return repository;
  }

  /** A repository that is there already. */
  static at(folder: string): TestRepository {
    return new TestRepository(folder);
  }

  /** A clone, as `git clone` with these options leaves it. */
  static clone(origin: TestRepository, folder: string, ...options: readonly string[]): TestRepository {
    execFileSync('git', ['clone', '--quiet', ...options, `file://${origin.folder}`, folder], {
      env: ENVIRONMENT,
      stdio: 'pipe',
    });
    return new TestRepository(folder);
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, {
      cwd: this.folder,
      env: { ...ENVIRONMENT, GIT_ALLOW_PROTOCOL: 'file' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(files: Files): this {
    writeFiles(this.folder, files);
    return this;
  }

  /** Writes files and commits all that changed and is not ignored. */
  commit(files: Files = {}, message = 'change'): CommitId {
    this.write(files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    return this.id();
  }

  id(revision = 'HEAD'): CommitId {
    return this.git('rev-parse', `${revision}^{commit}`) as CommitId;
  }

  /** Makes GitHub's merge commit of a branch into another and checks it out: `refs/pull/1/merge`. */
  mergeOf(branch: CommitId, into: CommitId): CommitId {
    this.git('checkout', '--quiet', '--detach', into);
    this.git('merge', '--quiet', '--no-ff', '--message=merge', branch);
    return this.id();
  }

  /** A digest over everything that a plan must leave as it is: settings, refs, index, shallow boundary, files. */
  digest(): string {
    const hash = createHash('sha256');
    // As bytes: a name need not be UTF-8.
    const visit = (folder: Buffer): void => {
      for (const name of readdirSync(folder, 'buffer').sort((one, other) => one.compare(other))) {
        const path = Buffer.concat([folder, Buffer.from('/'), name]);
        const file = lstatSync(path);
        hash.update(path).update(` ${file.mode} ${file.isDirectory() ? 0 : file.mtimeMs}\n`);
        if (file.isDirectory()) visit(path);
        else hash.update(file.isSymbolicLink() ? readlinkSync(path, 'buffer') : readFileSync(path));
      }
    };
    visit(Buffer.from(this.folder));
    return hash.digest('hex');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
