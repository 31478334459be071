import type { Revision } from './revision.js';
import type { Graph } from '../../graph/graph.js';
import { encodeSnapshot } from '../snapshot/codec.js';
import { describeDifference } from '../snapshot/difference.js';
import { fingerprint } from '../inputs/fingerprint.js';
import type { KnownExternals } from '../snapshot/dirty.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SnapshotStore } from '../snapshot/store.js';
import type { GraphSource, PackageSource, SourcedGraph } from './graph-source.js';
import type { LoadingOptions } from './loading-options.js';
import type { LoadingReader } from './loading-reader.js';
import { SnapshotSource } from './snapshot-source.js';

/**
 * Verifies snapshots: it makes each graph from a snapshot and by a full query, and returns Bazel's answer. A snapshot
 * that differs was forged or is no longer valid. It is reported, and a snapshot of Bazel's answer replaces it.
 */
export class VerifiedSource implements GraphSource {
  /** A sentence for each graph that differs from its snapshot. */
  readonly differences: string[] = [];
  /** Graphs that Bazel made in this plan, or that equal one that it made. */
  private readonly trusted = new WeakSet<Graph>();
  private readonly restored = new WeakSet<Snapshot>();
  /** The snapshots that were verified in this plan, by fingerprint. */
  private readonly sound = new Map<string, Snapshot>();
  private snapshots: SnapshotSource;
  /** Teaches a source of snapshots what was learned. */
  private teach: (snapshots: SnapshotSource) => Promise<void> = () => Promise.resolve();

  /**
   * @param reader must read everything from the revisions, and take over nothing from a snapshot
   * @param newReader makes one like it, for what may take over something
   * @param store has the snapshots of earlier plans
   */
  constructor(
    private readonly queries: PackageSource,
    private readonly reader: LoadingReader,
    private readonly newReader: () => LoadingReader,
    private readonly options: LoadingOptions,
    private readonly store: SnapshotStore,
  ) {
    this.snapshots = this.newSnapshots();
  }

  prepare(revisions: readonly Revision[]): Promise<void> {
    return this.snapshots.prepare(revisions);
  }

  async learnExternals(before: Revision, after: Revision, externals: KnownExternals): Promise<void> {
    this.teach = (snapshots) => snapshots.learnExternals(before, after, externals);
    await this.teach(this.snapshots);
  }

  async graphOf(revision: Revision, twin?: Revision): Promise<SourcedGraph> {
    const believed = await this.snapshots.graphOf(revision, twin);
    const snapshot = this.snapshots.snapshotOf(believed.graph);
    // There is no snapshot if the loading inputs cannot be listed completely.
    if (snapshot === undefined) return believed;
    const isTrusted = this.trusted.has(believed.graph);
    const found = isTrusted ? believed : await this.queries.graphOf(revision);
    const { bazelVersion, graph } = found;
    const loading = await this.reader.loadingOf(revision.files);
    const own = fingerprint(loading.inputs, this.options.values);
    if (this.sound.has(own)) return found;
    const sound: Snapshot = { fingerprint: own, bazelVersion, ...loading, graph };
    this.sound.set(own, sound);
    if (isTrusted || encodeSnapshot(snapshot).equals(encodeSnapshot(sound))) {
      this.trusted.add(believed.graph);
      if (!this.restored.has(snapshot)) await this.keep(sound);
      return isTrusted ? found : { ...believed, way: `${believed.way}, verified by a full query` };
    }
    // The load statements of this snapshot, and graphs that were patched on top of it, are not trusted either.
    this.snapshots = this.newSnapshots();
    await this.teach(this.snapshots);
    await this.keep(sound);
    if (snapshot.bazelVersion !== bazelVersion) {
      return { ...found, way: `full query (the snapshot was made by ${snapshot.bazelVersion})` };
    }
    this.differences.push(describeDifference(revision.commit, snapshot.graph, graph));
    return { ...found, way: 'full query (the snapshot contained another graph)' };
  }

  private async keep(snapshot: Snapshot): Promise<void> {
    await this.store.keep({ options: this.options.digest, fingerprint: snapshot.fingerprint }, snapshot);
  }

  /** A source of graphs from snapshots that stores nothing itself: a snapshot is kept only after it is verified. */
  private newSnapshots(): SnapshotSource {
    const { queries } = this;
    const noted: PackageSource = {
      graphOf: async (revision) => {
        const sourced = await queries.graphOf(revision);
        this.trusted.add(sourced.graph);
        return sourced;
      },
      prepare: (revisions) => queries.prepare(revisions),
      targetsOf: (revision, some) => queries.targetsOf(revision, some),
      bazelVersion: () => queries.bazelVersion(),
      isCheap: (revision) => queries.isCheap(revision),
    };
    const unkept: SnapshotStore = {
      nearest: async (key) => {
        const known = this.sound.get(key.fingerprint);
        if (known !== undefined) return known;
        const snapshot = await this.store.nearest(key);
        if (snapshot !== null) this.restored.add(snapshot);
        return snapshot;
      },
      keep: () => Promise.resolve(),
    };
    return new SnapshotSource(noted, this.newReader(), this.options, unkept);
  }
}
