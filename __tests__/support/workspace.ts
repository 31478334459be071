import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Bazel } from '../../src/adapters/bazel/bazel.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import { QuerySource } from '../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../src/loading/source/loading-reader.js';
import { Timer } from '../../src/plan/timer.js';
import { CheckoutSite, ScratchSite } from '../../src/loading/source/site.js';
import { makePlan, type Planned } from '../../src/plan/make-plan.js';
import { revisionsOfWorkingTree } from '../../src/plan/revisions.js';
import { findBazel } from './find-bazel.js';

/** A file of a test workspace: its text, or what else it is. */
export type File = string | { readonly script: string } | { readonly linkTo: string } | null;

/** Files by path; null deletes. */
export type Files = Readonly<Record<string, File>>;

/** A git repository in a temporary folder. */
export class TestRepository {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'repository-')));

  constructor() {
    this.git('init', '--quiet', '--initial-branch=main');
  }

  write(files: Files): this {
    for (const [path, file] of Object.entries(files)) {
      const whole = join(this.folder, path);
      rmSync(whole, { recursive: true, force: true });
      if (file === null) continue;
      mkdirSync(dirname(whole), { recursive: true });
      if (typeof file === 'string') writeFileSync(whole, file);
      else if ('linkTo' in file) symlinkSync(file.linkTo, whole);
      else {
        writeFileSync(whole, file.script);
        chmodSync(whole, 0o755);
      }
    }
    return this;
  }

  /** Commits whatever the working tree holds. @returns the commit's id */
  commit(message = 'a change'): string {
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    return this.git('rev-parse', 'HEAD').trim();
  }

  git(...args: string[]): string {
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

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A checkout that is never what a plan looks for: all questions go to the scratch folder, whose server is warm. */
export class ElsewhereSite extends CheckoutSite {
  override shows(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

/** Plans repositories with one warm Bazel server: a folder that takes on one revision after the other. */
export class TestPlanner {
  private readonly privateFolder = realpathSync(mkdtempSync(join(tmpdir(), 'planner-')));
  private readonly scratchFolder = join(this.privateFolder, 'scratch');
  private readonly bazel: Bazel;

  constructor() {
    mkdirSync(this.scratchFolder);
    const options = { command: findBazel(), startupOptions: [], queryOptions: [] };
    this.bazel = new Bazel(options, this.scratchFolder, this.privateFolder, 'ours');
  }

  /** The plan from a commit to the working tree as it is. */
  async plan(
    repository: TestRepository,
    base: string,
    inputs: Partial<Record<PlanInputName, string>> = {},
  ): Promise<Planned> {
    // Emptied and not removed: the warm server stands in it.
    for (const name of readdirSync(this.scratchFolder))
      rmSync(join(this.scratchFolder, name), { recursive: true, force: true });
    const user = await Repository.open(repository.folder);
    const scratch = await ScratchRepository.create(user, this.scratchFolder);
    const parsed = parsePlanInputs((name) => ({ base, ...inputs })[name] ?? '');
    const repositories = { user, scratch };
    const revisions = await revisionsOfWorkingTree(parsed, repositories);
    const reader = new LoadingReader();
    const graphs = new QuerySource(
      new ScratchSite(scratch, '', this.bazel),
      new ElsewhereSite(user, '', this.bazel),
      reader,
    );
    return makePlan(revisions, parsed, {
      repositories,
      graphs,
      reader,
      timer: new Timer(),
    });
  }

  close(): void {
    this.bazel.stop();
    rmSync(this.privateFolder, { recursive: true, force: true });
  }
}
