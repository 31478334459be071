import type { Revision } from './revision.js';
import { BazelError } from '../../adapters/bazel/bazel-error.js';
import type { Graph } from '../../graph/graph.js';
import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import type { Target } from '../../graph/target.js';
import { dirtyPackages, type DirtyPackages, type KnownExternals, type Loading } from '../snapshot/dirty.js';
import { LoadClosure } from '../inputs/load-closure.js';
import type { LoadingInputs } from '../inputs/loading-inputs.js';
import { fingerprint } from '../inputs/fingerprint.js';
import { folderOf } from '../../graph/folders.js';
import { REPOSITORY_MARKERS } from '../../graph/repository-markers.js';
import { packageCutShort, patchGraph, type Patch } from '../snapshot/patch.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SnapshotKey, SnapshotStore } from '../snapshot/store.js';
import type { GraphSource, PackageSource, SourcedGraph } from './graph-source.js';
import type { LoadingOptions } from './loading-options.js';
import type { LoadingReader } from './loading-reader.js';

/** If a larger share of the packages is dirty, a full query is cheaper than a patch (docs/performance.md). */
const LARGEST_DIRTY_SHARE = 0.9;

/**
 * Takes graphs from snapshots. A snapshot with the fingerprint of the revision contains its graph, and Bazel is not
 * started. Otherwise, the nearest snapshot is patched: only dirty packages are queried again. Without a snapshot, a
 * full query is made.
 */
export class SnapshotSource implements GraphSource {
  /**
   * The snapshots of this plan, by fingerprint. The head usually differs little from the base, so the base's snapshot
   * is a good one to patch.
   */
  private readonly known = new Map<string, Snapshot>();
  /** The keys of loading inputs: fingerprints of large repositories take time. */
  private readonly keys = new WeakMap<LoadingInputs, SnapshotKey>();
  /** The fingerprints of the revisions whose graphs this plan has already. */
  private readonly answered = new Set<string>();
  /** The graphs of this plan. */
  private readonly sourced = new Map<Revision, SourcedGraph>();
  /** What the store returned, by the fingerprint that was looked for. */
  private readonly found = new Map<string, Promise<Snapshot | null>>();
  /**
   * The version of the Bazel that this plan runs, once it was asked. Digests of another version cannot be compared with
   * its own.
   */
  private bazelVersion: string | undefined;

  /** The revision of which it is known what its external repositories have in common with those of a snapshot. */
  private compared: ComparedRevision | null = null;

  /** @param store has the snapshots of earlier plans */
  constructor(
    private readonly queries: PackageSource,
    private readonly reader: LoadingReader,
    private readonly options: LoadingOptions,
    private readonly store: SnapshotStore,
  ) {}

  async prepare(revisions: readonly Revision[]): Promise<void> {
    for (const revision of revisions) {
      if (!(await this.needsBazel(revision))) continue;
      this.bazelVersion = await this.queries.bazelVersion();
      return;
    }
  }

  async learnExternals(before: Revision, after: Revision, externals: KnownExternals): Promise<void> {
    const inputs = await this.reader.inputsOf(before.files);
    if (inputs.gaps.length > 0) return;
    this.compared = { revision: after, with: this.keyOf(inputs).fingerprint, externals };
  }

  async graphOf(revision: Revision, twin?: Revision): Promise<SourcedGraph> {
    const sourced = await this.made(revision, twin);
    this.sourced.set(revision, sourced);
    return sourced;
  }

  private async made(revision: Revision, twin?: Revision): Promise<SourcedGraph> {
    const inputs = await this.reader.inputsOf(revision.files);
    // If the loading inputs cannot be listed completely, unequal graphs may have equal fingerprints.
    const [gap] = inputs.gaps;
    if (gap !== undefined) return this.fullQuery(revision, gap);

    const key = this.keyOf(inputs);
    const isOfBase = this.answered.has(key.fingerprint);
    this.answered.add(key.fingerprint);
    const found = await this.nearest(key);
    if (found?.fingerprint === key.fingerprint && this.isCurrent(found))
      return sourcedFrom(
        found,
        isOfBase ? 'snapshot (the loading inputs are those of the base)' : 'snapshot',
      );

    const queried = await this.cheaperOf(revision, twin, key.fingerprint);
    const loading = await this.loadingOf(queried);
    const patched = await this.patch(queried, loading);
    const sourced = patched.kind === 'patched' ? patched.sourced : await this.fullQuery(queried, patched.why);
    const { bazelVersion, graph } = sourced;
    const snapshot: Snapshot = { fingerprint: key.fingerprint, bazelVersion, ...loading, graph };
    this.known.set(key.fingerprint, snapshot);
    await this.store.keep(key, snapshot);
    return sourced;
  }

  /**
   * Stores the graph of a revision of this plan again, whose loading inputs are told otherwise than when it was made.
   *
   * @throws GitError
   */
  async keepAgain(revision: Revision): Promise<void> {
    const sourced = this.sourced.get(revision);
    if (sourced === undefined) return;
    const loading = await this.loadingOf(revision);
    if (loading.inputs.gaps.length > 0) return;
    const key = this.keyOf(loading.inputs);
    const { bazelVersion, graph } = sourced;
    await this.store.keep(key, { fingerprint: key.fingerprint, bazelVersion, ...loading, graph });
  }

  /** The snapshot of this plan that contains a graph; undefined if there is none. */
  snapshotOf(graph: Graph): Snapshot | undefined {
    return [...this.known.values()].find((snapshot) => snapshot.graph === graph);
  }

  /** Whether the graph of a revision has to be queried, at least in part. */
  private async needsBazel(revision: Revision): Promise<boolean> {
    // Without a workspace there is nothing to query, and the error about that counts.
    if (!REPOSITORY_MARKERS.some((marker) => revision.files.has(marker))) return false;
    const inputs = await this.reader.inputsOf(revision.files);
    if (inputs.gaps.length > 0) return true;
    const key = this.keyOf(inputs);
    if ((await this.nearest(key))?.fingerprint === key.fingerprint) return false;
    const nearest = this.nearestKnown(revision, await this.loadingOf(revision));
    // What external repositories read can decide which Bazel runs, such as package.json.
    return nearest?.dirty.kind !== 'local' || nearest.dirty.queried.length > 0 || nearest.isCompared;
  }

  private keyOf(inputs: LoadingInputs): SnapshotKey {
    let key = this.keys.get(inputs);
    if (key === undefined) {
      key = { options: this.options.digest, fingerprint: fingerprint(inputs, this.options.values) };
      this.keys.set(inputs, key);
    }
    return key;
  }

  /** The snapshot with the fingerprint, else the latest one, else null. Each is fetched once. */
  private async nearest(key: SnapshotKey): Promise<Snapshot | null> {
    const known = this.known.get(key.fingerprint);
    if (known !== undefined) return known;
    const found = await (this.found.get(key.fingerprint) ?? this.store.nearest(key));
    this.found.set(key.fingerprint, Promise.resolve(found));
    if (found !== null && !this.known.has(found.fingerprint)) this.known.set(found.fingerprint, found);
    return found;
  }

  private async loadingOf(revision: Revision): Promise<Loading> {
    for (const snapshot of this.known.values()) this.reader.learn(snapshot.statements);
    return this.reader.loadingOf(revision.files);
  }

  /** Of two revisions with one fingerprint, the one that needs no checkout. */
  private async cheaperOf(revision: Revision, twin: Revision | undefined, own: string): Promise<Revision> {
    if (twin === undefined || !(await this.queries.isCheap(twin))) return revision;
    const inputs = await this.reader.inputsOf(twin.files);
    const same = inputs.gaps.length === 0 && this.keyOf(inputs).fingerprint === own;
    return same ? twin : revision;
  }

  private async fullQuery(revision: Revision, why: string): Promise<SourcedGraph> {
    const sourced = await this.queries.graphOf(revision);
    this.bazelVersion = sourced.bazelVersion;
    return { ...sourced, way: `${sourced.way} (${why})` };
  }

  /** The graph as a patch of the nearest snapshot, or why a full query is needed. */
  private async patch(revision: Revision, loading: Loading): Promise<Patched> {
    const nearest = this.nearestKnown(revision, loading);
    if (nearest === undefined) return { kind: 'full', why: this.whyNoSnapshot() };
    const { snapshot, dirty } = nearest;
    if (dirty.kind === 'full') return { kind: 'full', why: dirty.reason };
    const packages = snapshot.graph.packageCount;
    const share = `${dirty.queried.length} of ${packages} packages`;
    if (dirty.queried.length > packages * LARGEST_DIRTY_SHARE)
      return { kind: 'full', why: `${share} are dirty` };
    if (nearest.isCompared || dirty.queried.length > 0) {
      this.bazelVersion = await this.queries.bazelVersion();
      if (!this.isCurrent(snapshot)) return this.patch(revision, loading);
    }
    if (dirty.queried.length === 0)
      return patched(snapshot, { ...dirty, targets: [] }, `patched (none of ${packages} packages queried)`);
    const found = await this.queryDirty(revision, snapshot, dirty.queried, loading);
    if (found.kind === 'full') return found;
    return patched(snapshot, { ...dirty, targets: found.targets }, `patched (${share} queried)`);
  }

  /** The snapshot from which a revision differs in the fewest packages; undefined if there is none of this Bazel. */
  private nearestKnown(revision: Revision, loading: Loading): Nearest | undefined {
    const nearestOf = (snapshot: Snapshot): Nearest => {
      const dirtyWith = (externals: KnownExternals | null): DirtyPackages =>
        dirtyPackages(snapshot, snapshot.graph.packagePaths, loading, externals);
      const dirty = dirtyWith(null);
      const { compared } = this;
      const isCompared = compared?.revision === revision && compared.with === snapshot.fingerprint;
      return dirty.kind === 'full' && isCompared
        ? { snapshot, dirty: dirtyWith(compared.externals), isCompared }
        : { snapshot, dirty, isCompared: false };
    };
    return [...this.known.values()]
      .filter((snapshot) => this.isCurrent(snapshot))
      .map(nearestOf)
      .sort((one, other) => sizeOf(one.dirty) - sizeOf(other.dirty))[0];
  }

  private whyNoSnapshot(): string {
    const [stale] = this.known.values();
    if (stale === undefined) return 'there is no snapshot yet';
    return `the snapshot was made by ${stale.bazelVersion}, and this is ${this.bazelVersion ?? 'another Bazel'}`;
  }

  /** The targets of the dirty packages, or why they cannot be added to the snapshot. */
  private async queryDirty(
    revision: Revision,
    snapshot: Snapshot,
    dirty: readonly PackagePath[],
    loading: Loading,
  ): Promise<{ readonly kind: 'targets'; readonly targets: readonly Target[] } | FullQuery> {
    try {
      const lacking = lackingFiles(dirty, loading);
      const { bazelVersion, targets } = await this.queries.targetsOf(revision, { packages: dirty, lacking });
      if (bazelVersion !== snapshot.bazelVersion)
        return {
          kind: 'full',
          why: `the snapshot was made by ${snapshot.bazelVersion}, and ${bazelVersion} answered`,
        };
      const cut = packageCutShort(dirty, targets);
      if (cut !== undefined) return { kind: 'full', why: `a query of ${cut} is incomplete` };
      return { kind: 'targets', targets };
    } catch (error) {
      // Either the revision does not load, or a folder with a BUILD file is not a package. Only a full query can tell
      // which.
      if (error instanceof BazelError)
        return { kind: 'full', why: 'dirty packages do not load by themselves' };
      throw error;
    }
  }

  private isCurrent(snapshot: Snapshot): boolean {
    return this.bazelVersion === undefined || this.bazelVersion === snapshot.bazelVersion;
  }
}

/** What is known of the external repositories of a revision and of a snapshot with a fingerprint. */
interface ComparedRevision {
  readonly revision: Revision;
  readonly with: string;
  readonly externals: KnownExternals;
}

/** A snapshot, and the packages that differ from it. */
interface Nearest {
  readonly snapshot: Snapshot;
  readonly dirty: DirtyPackages;
  /** Whether these packages are all only because of what is known of external repositories. */
  readonly isCompared: boolean;
}

interface FullQuery {
  readonly kind: 'full';
  readonly why: string;
}

type Patched = { readonly kind: 'patched'; readonly sourced: SourcedGraph } | FullQuery;

function patched(snapshot: Snapshot, patch: Patch, way: string): Patched {
  const graph = patchGraph(snapshot.graph, patch);
  return { kind: 'patched', sourced: { graph, way, bazelVersion: snapshot.bazelVersion } };
}

/** Files that the load statements of the packages name and that the revision does not have. */
function lackingFiles(packages: readonly PackagePath[], { inputs, statements }: Loading): WorkspacePath[] {
  const wanted = new Set(packages);
  const buildFiles = [...inputs.buildFiles.keys()].filter((path) => wanted.has(folderOf(path)));
  return new LoadClosure(inputs, statements, buildFiles).lackingFiles();
}

function sourcedFrom({ graph, bazelVersion }: Snapshot, way: string): SourcedGraph {
  return { graph, way, bazelVersion };
}

function sizeOf(dirty: DirtyPackages): number {
  return dirty.kind === 'full' ? Infinity : dirty.queried.length;
}
