import type { Revision } from './revision.js';
import type { Graph } from '../../graph/graph.js';
import { encodeSnapshot } from '../snapshot/codec.js';
import { describeDifference } from '../snapshot/difference.js';
import { fingerprint } from '../inputs/fingerprint.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { SnapshotStore } from '../snapshot/store.js';
import type { GraphSource, PackageSource, SourcedGraph } from './graph-source.js';
import type { LoadingOptions } from './loading-options.js';
import { LoadingReader } from './loading-reader.js';
import { SnapshotSource } from './snapshot-source.js';

/**
 * Graphs as snapshots would give them, each queried in full all the same: what Bazel says counts. A snapshot that says
 * something else was forged, or is of no use any more: it is named, and one of what Bazel says takes its place.
 */
export class VerifiedSource implements GraphSource {
  /** A sentence for each graph that a snapshot had wrong. */
  readonly differences: string[] = [];
  /** Graphs that Bazel made in this plan, or that were compared with one. */
  private readonly trusted = new WeakSet<Graph>();
  private readonly restored = new WeakSet<Snapshot>();
  /** What was verified in this plan, by fingerprint. */
  private readonly sound = new Map<string, Snapshot>();
  private snapshots: SnapshotSource;

  /**
   * @param reader has to read all by itself: it must know nothing from a snapshot
   * @param store where snapshots of earlier plans are
   */
  constructor(
    private readonly queries: PackageSource,
    private readonly reader: LoadingReader,
    private readonly options: LoadingOptions,
    private readonly store: SnapshotStore,
  ) {
    this.snapshots = this.newSnapshots();
  }

  async graphOf(revision: Revision, twin?: Revision): Promise<SourcedGraph> {
    const believed = await this.snapshots.graphOf(revision, twin);
    const snapshot = this.snapshots.snapshotOf(believed.graph);
    // Where nobody can list what the graph is made of, there is none.
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
    // What came from it is in doubt too: what it says of load statements, and the graphs that were patched on top.
    this.snapshots = this.newSnapshots();
    await this.keep(sound);
    if (snapshot.bazelVersion !== bazelVersion) {
      return { ...found, way: `full query (the snapshot was made by ${snapshot.bazelVersion})` };
    }
    this.differences.push(describeDifference(revision.commit, snapshot.graph, graph));
    return { ...found, way: 'full query (the snapshot says something else)' };
  }

  private async keep(snapshot: Snapshot): Promise<void> {
    await this.store.keep({ options: this.options.digest, fingerprint: snapshot.fingerprint }, snapshot);
  }

  /** Snapshots of this plan alone: it keeps none before it is verified. */
  private newSnapshots(): SnapshotSource {
    const { queries } = this;
    const noted: PackageSource = {
      graphOf: async (revision) => {
        const sourced = await queries.graphOf(revision);
        this.trusted.add(sourced.graph);
        return sourced;
      },
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
    return new SnapshotSource(noted, new LoadingReader(), this.options, unkept);
  }
}
