import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CommitId } from '../../src/graph/tree.js';

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

/** A file's text, a link, an executable, or nothing (deleted). */
export type FileContent = string | { readonly link: string } | { readonly script: string } | null;

export type Files = Readonly<Record<string, FileContent>>;

/** A temporary folder that is gone after the test. */
export class TemporaryFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'git-history-')));

  join(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A git repository with a working tree, written by a test. */
export class History {
  private constructor(readonly folder: string) {}

  /** A new repository, which serves any commit by its id as GitHub does. */
  static init(folder: string): History {
    mkdirSync(folder, { recursive: true });
    const history = new History(folder);
    history.git('init', '--quiet', '--initial-branch=main');
    history.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    history.git('config', 'uploadpack.allowFilter', 'true');
    history.git('config', 'protocol.file.allow', 'always');
    return history;
  }

  /** A repository that is there already. */
  static at(folder: string): History {
    return new History(folder);
  }

  /** A clone, as `git clone` with these options leaves it. */
  static clone(origin: History, folder: string, ...options: readonly string[]): History {
    execFileSync('git', ['clone', '--quiet', ...options, `file://${origin.folder}`, folder], {
      env: ENVIRONMENT,
      stdio: 'pipe',
    });
    return new History(folder);
  }

  git(...args: readonly string[]): string {
    return execFileSync('git', args, {
      cwd: this.folder,
      env: { ...ENVIRONMENT, GIT_ALLOW_PROTOCOL: 'file' },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  }

  write(files: Files): void {
    for (const [path, content] of Object.entries(files)) {
      const file = join(this.folder, path);
      rmSync(file, { recursive: true, force: true });
      if (content === null) continue;
      mkdirSync(dirname(file), { recursive: true });
      if (typeof content === 'string') writeFileSync(file, content);
      else if ('link' in content) symlinkSync(content.link, file);
      else {
        writeFileSync(file, content.script);
        chmodSync(file, 0o755);
      }
    }
  }

  /** Writes files and commits all that changed. */
  commit(files: Files = {}, message = 'change'): CommitId {
    this.write(files);
    this.git('add', '--all', '--force');
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
}
