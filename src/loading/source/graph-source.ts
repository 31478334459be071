import type { Bazel } from '../../adapters/bazel/bazel.js';
import { BazelError } from '../../adapters/bazel/bazel-error.js';
import { SUBMODULE_MODE, SYMLINK_MODE } from '../../graph/tree.js';
import { Graph } from '../../graph/graph.js';
import { isBuildFile } from '../../graph/package.js';
import type { Target } from '../../graph/target.js';
import { accountFor, IncompleteAnswerError } from './accounting.js';
import type { LoadingReader } from './loading-reader.js';
import type { Revision, SomePackages } from './revision.js';
import type { RevisionFiles } from './revision-files.js';
import type { CheckoutSite, ScratchSite } from './site.js';

/** A graph with where it came from. */
export interface SourcedGraph {
  readonly graph: Graph;
  /** For the reader: `full query`, `snapshot`, `patched (2 of 59 packages queried)`, and why. */
  readonly way: string;
  /** What `bazel --version` printed where the graph's digests were made: only equal ones can be compared. */
  readonly bazelVersion: string;
}

/** Where a revision's graph comes from. */
export interface GraphSource {
  /**
   * @param twin another revision of the plan: where it is known to have the same graph, it may serve in its place
   * @throws BazelError if a package does not load; NoWorkspaceError
   */
  graphOf(revision: Revision, twin?: Revision): Promise<SourcedGraph>;
}

/** Targets with what `bazel --version` printed where they were found. */
export interface QueriedTargets {
  readonly targets: readonly Target[];
  readonly bazelVersion: string;
}

/** Where a revision's graph comes from, and parts of it. */
export interface PackageSource extends GraphSource {
  /** All targets of some packages of a revision. @throws BazelError if one does not load or is no package */
  targetsOf(revision: Revision, some: SomePackages): Promise<QueriedTargets>;
  /** What `bazel --version` prints. @throws BazelStartError */
  bazelVersion(): Promise<string>;
  /** Whether asking for a revision costs no checkout of it. */
  isCheap(revision: Revision): Promise<boolean>;
}

/** Asks Bazel: in the user's checkout where that is just the revision, else in the scratch folder. */
export class QuerySource implements PackageSource {
  constructor(
    private readonly scratch: ScratchSite,
    private readonly checkout: CheckoutSite,
    private readonly reader: LoadingReader,
  ) {}

  async graphOf(revision: Revision): Promise<SourcedGraph> {
    return this.ask(revision, 'all', async (bazel) => {
      // Bazel calls a workspace without any package an error.
      const graph = Graph.of(canHavePackages(revision.files) ? await bazel.queryAll() : []);
      await accountFor(graph, revision, this.reader, bazel);
      return { graph, way: 'full query', bazelVersion: await bazel.versionText() };
    });
  }

  async targetsOf(revision: Revision, some: SomePackages): Promise<QueriedTargets> {
    return this.ask(revision, some, async (bazel) => ({
      targets: await bazel.queryPackages(some.packages),
      bazelVersion: await bazel.versionText(),
    }));
  }

  async bazelVersion(): Promise<string> {
    return this.checkout.bazel.versionText();
  }

  async isCheap(revision: Revision): Promise<boolean> {
    return this.checkout.shows(revision, 'all');
  }

  private async ask<T>(
    revision: Revision,
    scope: 'all' | SomePackages,
    question: (bazel: Bazel) => Promise<T>,
  ): Promise<T> {
    if (!this.scratch.isInUse && (await this.checkout.shows(revision, scope))) {
      try {
        return await question(this.checkout.bazel);
      } catch (error) {
        // Where Bazel may write it can do more, such as update its lock file: only there a failure is one.
        if (!(error instanceof BazelError || error instanceof IncompleteAnswerError)) throw error;
      }
    }
    await this.scratch.takeOn(revision);
    return question(this.scratch.bazel);
  }
}

/** Whether there can be one: behind symlinks and in submodules, git's list does not show them. */
function canHavePackages(files: RevisionFiles): boolean {
  return files.listing.entries.some(
    ({ path, mode }) => isBuildFile(path) || mode === SYMLINK_MODE || mode === SUBMODULE_MODE,
  );
}
