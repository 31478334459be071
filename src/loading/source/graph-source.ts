import type { Bazel } from '../../adapters/bazel/bazel.js';
import { BazelError } from '../../adapters/bazel/bazel-error.js';
import { SUBMODULE_MODE, SYMLINK_MODE } from '../../graph/tree.js';
import { Graph } from '../../graph/graph.js';
import { isBuildFile } from '../../graph/package.js';
import type { Target } from '../../graph/target.js';
import type { KnownExternals } from '../snapshot/dirty.js';
import { accountFor, IncompleteAnswerError } from './accounting.js';
import type { LoadingReader } from './loading-reader.js';
import type { Revision, SomePackages } from './revision.js';
import type { RevisionFiles } from './revision-files.js';
import type { CheckoutSite, ScratchSite } from './site.js';

/** A graph, and how it was made. */
export interface SourcedGraph {
  readonly graph: Graph;
  /**
   * How the graph was made, for the reader: `full query`, `snapshot`, `patched (2 of 59 packages queried)`, and why.
   */
  readonly way: string;
  /**
   * The output of `bazel --version` of the Bazel that made the graph's digests. Only digests of the same version can be
   * compared.
   */
  readonly bazelVersion: string;
}

/** Gets the graphs of a plan's revisions. */
export interface GraphSource {
  /**
   * Looks at the revisions whose graphs will be needed. If Bazel has to be started for one of them, its version is
   * learned, so that no graph comes from a snapshot of another version. Otherwise Bazel is not even downloaded.
   *
   * @throws BazelError, BazelStartError
   */
  prepare(revisions: readonly Revision[]): Promise<void>;
  /**
   * Takes over what is known of the external repositories of two revisions, before the graph of the second one is asked for.
   *
   * @throws GitError
   */
  learnExternals(before: Revision, after: Revision, externals: KnownExternals): Promise<void>;
  /**
   * @param twin another revision of the plan, which may be queried instead if it is known to have the same graph
   * @throws BazelError if a package does not load; NoWorkspaceError
   */
  graphOf(revision: Revision, twin?: Revision): Promise<SourcedGraph>;
}

/** Targets, and the output of `bazel --version` of the Bazel that found them. */
export interface QueriedTargets {
  readonly targets: readonly Target[];
  readonly bazelVersion: string;
}

/** Gets the graph of a revision, or only the targets of some packages. */
export interface PackageSource extends Omit<GraphSource, 'learnExternals'> {
  /**
   * All targets of some packages of a revision.
   *
   * @throws BazelError if one of them does not load or is not a package
   */
  targetsOf(revision: Revision, some: SomePackages): Promise<QueriedTargets>;
  /**
   * The output of `bazel --version`.
   *
   * @throws BazelStartError
   */
  bazelVersion(): Promise<string>;
  /** Whether a query of the revision needs no checkout of it. */
  isCheap(revision: Revision): Promise<boolean>;
}

/** Queries Bazel: in the user's checkout if it shows exactly the revision, else in the scratch folder. */
export class QuerySource implements PackageSource, GraphSource {
  constructor(
    private readonly scratch: ScratchSite,
    private readonly checkout: CheckoutSite,
    private readonly reader: LoadingReader,
  ) {}

  /** Nothing to do: every graph is a query. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  /** A query needs no such knowledge. */
  learnExternals(): Promise<void> {
    return Promise.resolve();
  }

  async graphOf(revision: Revision): Promise<SourcedGraph> {
    return this.ask(revision, 'all', async (bazel) => {
      // Bazel reports an error for a workspace without packages, so it is not asked.
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
    if (!this.scratch.isPreferred && (await this.checkout.shows(revision, scope))) {
      try {
        return await question(this.checkout.bazel);
      } catch (error) {
        // In the scratch folder, Bazel may write files such as its lock file and so may succeed there. Only a failure
        // in the scratch folder is final.
        if (!(error instanceof BazelError || error instanceof IncompleteAnswerError)) throw error;
      }
    }
    await this.scratch.checkOut(revision);
    return question(this.scratch.bazel);
  }
}

/**
 * Whether the revision can have packages. Git's list does not show BUILD files behind symlinks and in submodules, so
 * these count as possible packages.
 */
function canHavePackages(files: RevisionFiles): boolean {
  return files.listing.entries.some(
    ({ path, mode }) => isBuildFile(path) || mode === SYMLINK_MODE || mode === SUBMODULE_MODE,
  );
}
