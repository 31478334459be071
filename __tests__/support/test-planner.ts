import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Bazel } from '../../src/adapters/bazel/bazel.js';
import { Repository } from '../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../src/adapters/git/scratch-repository.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import { QueriedExternals } from '../../src/loading/source/externals-source.js';
import { QuerySource } from '../../src/loading/source/graph-source.js';
import { LoadingReader } from '../../src/loading/source/loading-reader.js';
import { Timer } from '../../src/plan/timer.js';
import { ScratchSite } from '../../src/loading/source/site.js';
import { makePlan, type Planned } from '../../src/plan/make-plan.js';
import { revisionsOfWorkingTree } from '../../src/plan/revisions.js';
import { ElsewhereSite } from './elsewhere-site.js';
import { findBazel } from './find-bazel.js';
import { TemporaryFolder } from './temporary-folder.js';
import type { TestRepository } from './test-repository.js';

/** Plans repositories with one warm Bazel server: a folder that takes on one revision after the other. */
export class TestPlanner {
  private readonly privateFolder = new TemporaryFolder();
  private readonly scratchFolder = this.privateFolder.join('scratch');
  private readonly bazel: Bazel;

  constructor() {
    mkdirSync(this.scratchFolder);
    const options = { command: findBazel(), startupOptions: [], queryOptions: [] };
    this.bazel = new Bazel(options, this.scratchFolder, this.privateFolder.path, 'ours');
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
    const sites = [
      new ScratchSite(scratch, '', this.bazel),
      new ElsewhereSite(user, '', this.bazel),
    ] as const;
    const graphs = new QuerySource(...sites, reader);
    return makePlan(revisions, parsed, {
      repositories,
      graphs,
      externals: new QueriedExternals(...sites, () => this.bazel, parsed.externalsMinutes),
      reader,
      timer: new Timer(),
    });
  }

  close(): void {
    this.bazel.stop();
    this.privateFolder.remove();
  }
}
