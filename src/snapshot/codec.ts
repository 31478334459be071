import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Graph } from '../graph/graph.js';
import type { Label, WorkspacePath } from '../graph/label.js';
import type { Target, TestSize, TestTimeout, TestTraits } from '../graph/target.js';
import { ColumnError, ColumnReader, ColumnWriter } from './columns.js';
import type { Snapshot } from './snapshot.js';
import { SortedPaths } from './sorted-paths.js';

/** Raised whenever the columns change: a snapshot of another schema is not read. */
export const SNAPSHOT_SCHEMA = 1;

/** The first bytes of every snapshot, whatever its schema: this, the schema, the SHA-256 of the columns. */
const MAGIC = Buffer.from('bazel-affected snapshot\0', 'latin1');
const DIGEST_BYTES = 32;
const HEADER_BYTES = MAGIC.length + 4 + DIGEST_BYTES;

/** The columns of 20,000 packages with 340,000 targets take about 50 MB; what claims to be larger than this is none of ours. */
const LARGEST_COLUMNS = 512 * 1024 * 1024;
const LARGEST_FILE = 256 * 1024 * 1024;

const SIZES: readonly TestSize[] = ['small', 'medium', 'large', 'enormous'];
const TIMEOUTS: readonly TestTimeout[] = ['short', 'moderate', 'long', 'eternal'];
const KINDS: readonly Target['kind'][] = ['rule', 'source', 'generated', 'package group'];
const NO_YES = [false, true] as const;

export type DecodedSnapshot =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** Corrupt, foreign, or of another schema. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** A snapshot as a file: equal snapshots give equal bytes, whatever order their targets are in. */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const columns = columnsOf(snapshot);
  const schema = Buffer.alloc(4);
  schema.writeUInt32LE(SNAPSHOT_SCHEMA);
  const compressed = zstdCompressSync(columns, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  return Buffer.concat([MAGIC, schema, digestOf(columns), compressed]);
}

/** Reads a snapshot. Any bytes at all may come: it never throws, and takes no more memory than a real one could. */
export function decodeSnapshot(file: Buffer): DecodedSnapshot {
  if (file.length < HEADER_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) {
    return { kind: 'unreadable', why: 'it is not a snapshot' };
  }
  const schema = file.readUInt32LE(MAGIC.length);
  if (schema !== SNAPSHOT_SCHEMA) {
    return { kind: 'unreadable', why: `it has schema ${schema}, and this version reads ${SNAPSHOT_SCHEMA}` };
  }
  if (file.length > LARGEST_FILE) return { kind: 'unreadable', why: `it is too large: ${file.length} bytes` };
  try {
    const columns = zstdDecompressSync(file.subarray(HEADER_BYTES), { maxOutputLength: LARGEST_COLUMNS });
    if (!digestOf(columns).equals(file.subarray(HEADER_BYTES - DIGEST_BYTES, HEADER_BYTES))) {
      return { kind: 'unreadable', why: 'it is damaged: its digest is another' };
    }
    return { kind: 'snapshot', snapshot: snapshotOf(new ColumnReader(columns)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', why: error instanceof ColumnError ? `it is damaged: ${why}` : why };
  }
}

function digestOf(columns: Buffer): Buffer {
  return createHash('sha256').update(columns).digest();
}

function columnsOf(snapshot: Snapshot): Buffer {
  const writer = new ColumnWriter();
  const { inputs } = snapshot;
  writer.string(snapshot.fingerprint);
  writer.string(snapshot.bazelVersion);
  writer.strings(inputs.paths.all);
  writeFiles(writer, inputs.links);
  writeFiles(writer, inputs.submodules);
  writeFiles(writer, inputs.buildFiles);
  writeFiles(writer, inputs.starlark);
  writeFiles(writer, inputs.everywhere);
  writer.strings([...inputs.mainNames].sort());
  writer.strings(inputs.unknowable);
  writer.list(sortedEntries(snapshot.statements), ([objectId, labels]) => {
    writer.string(objectId);
    writer.strings(labels);
  });
  writer.list(sortedTargets(snapshot.graph), (target) => {
    writeTarget(writer, target);
  });
  return writer.bytes();
}

function snapshotOf(reader: ColumnReader): Snapshot {
  const snapshot: Snapshot = {
    fingerprint: reader.string(),
    bazelVersion: reader.string(),
    inputs: {
      paths: SortedPaths.of(reader.strings() as WorkspacePath[]),
      links: readFiles(reader),
      submodules: readFiles(reader),
      buildFiles: readFiles(reader),
      starlark: readFiles(reader),
      everywhere: readFiles(reader),
      mainNames: new Set(reader.strings()),
      unknowable: reader.strings(),
    },
    statements: new Map(
      reader.list((): [string, readonly string[]] => {
        const objectId = reader.string();
        return [objectId, reader.strings()];
      }),
    ),
    graph: Graph.of(reader.list(() => readTarget(reader))),
  };
  reader.end();
  return snapshot;
}

function writeFiles(writer: ColumnWriter, files: ReadonlyMap<WorkspacePath, string>): void {
  writer.list(sortedEntries(files), ([path, content]) => {
    writer.string(path);
    writer.string(content);
  });
}

function readFiles(reader: ColumnReader): Map<WorkspacePath, string> {
  return new Map(
    reader.list((): [WorkspacePath, string] => {
      const path = reader.string() as WorkspacePath;
      return [path, reader.string()];
    }),
  );
}

function sortedEntries<Key extends string, Value>(map: ReadonlyMap<Key, Value>): [Key, Value][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}

function sortedTargets(graph: Graph): Target[] {
  return [...graph.targets()].sort((one, other) => (one.label < other.label ? -1 : 1));
}

function writeTarget(writer: ColumnWriter, target: Target): void {
  writer.number(KINDS.indexOf(target.kind));
  writer.string(target.label);
  if (target.kind === 'generated') {
    writer.string(target.generatingRule);
    return;
  }
  writer.string(target.definition);
  writer.strings(target.inputs);
  if (target.kind !== 'rule') return;
  writer.string(target.ruleClass);
  writer.strings(target.tags);
  writer.number(Number(target.buildSetting));
  writer.strings(target.toolchain === null ? [] : [target.toolchain]);
  writer.list(target.test === null ? [] : [target.test], (test) => {
    writer.number(SIZES.indexOf(test.size));
    writer.number(TIMEOUTS.indexOf(test.timeout));
    writer.number(test.shardCount);
  });
}

function readTarget(reader: ColumnReader): Target {
  const kind = reader.oneOf(KINDS);
  const label = readLabel(reader);
  if (kind === 'generated') return { kind, label, generatingRule: readLabel(reader) };
  const definition = reader.string();
  const inputs = reader.list(() => readLabel(reader));
  if (kind !== 'rule') return { kind, label, definition, inputs };
  return {
    kind,
    label,
    definition,
    inputs,
    ruleClass: reader.string(),
    tags: reader.strings(),
    buildSetting: reader.oneOf(NO_YES),
    toolchain: reader.list(() => readLabel(reader))[0] ?? null,
    test: reader.list(() => readTest(reader))[0] ?? null,
  };
}

function readTest(reader: ColumnReader): TestTraits {
  return { size: reader.oneOf(SIZES), timeout: reader.oneOf(TIMEOUTS), shardCount: reader.number() };
}

/** A label in its canonical form: with both `//` and `:`, so that whatever takes it apart may trust it. */
function readLabel(reader: ColumnReader): Label {
  const text = reader.string();
  const slashes = text.startsWith('//') ? 0 : text.startsWith('@') ? text.indexOf('//') : -1;
  if (slashes < 0 || !text.includes(':', slashes))
    throw new ColumnError(`${JSON.stringify(text)} is no label`);
  return text as Label;
}
