import { createHash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { Graph } from '../../graph/graph.js';
import type { Label, PackagePath, WorkspacePath } from '../../graph/label.js';
import { MainRepository } from '../../graph/main-repository.js';
import type { Outline } from '../../graph/package.js';
import type { LoadStatements } from '../inputs/load-closure.js';
import type { LoadingInputs } from '../inputs/loading-inputs.js';
import type { Snapshot } from './snapshot.js';
import { SortedPaths } from '../inputs/sorted-paths.js';
import { lineOf, StoredPackage } from './stored-package.js';
import { DamagedSnapshotError, isNumber, isText, isTexts, listOf } from './stored-values.js';

/** Must be raised with every change of the lines or of the values in them. A snapshot of another schema is not read. */
export const SNAPSHOT_SCHEMA = 8;

/**
 * Marks a snapshot whose graph was compared with the BUILD files of its revision. Other snapshots are neither stored
 * nor read.
 */
const ACCOUNTED_FOR = 'every BUILD file is accounted for';

/** The header of every snapshot, whatever its schema: these bytes, the schema, and the SHA-256 of the rest. */
const MAGIC = Buffer.from('bazel-affected snapshot\0', 'latin1');
const DIGEST_BYTES = 32;
const HEADER_BYTES = MAGIC.length + 4 + DIGEST_BYTES;

/**
 * The lines of 20,000 packages with 200,000 targets take 35 MB. A file that claims to be larger than these limits is
 * not a real snapshot.
 */
const LARGEST_TEXT = 512 * 1024 * 1024;
const LARGEST_FILE = 256 * 1024 * 1024;

const LINE_END = 0x0a;

export type DecodedSnapshot =
  | { readonly kind: 'snapshot'; readonly snapshot: Snapshot }
  /** It is damaged, of another schema, or not a snapshot at all. */
  | { readonly kind: 'unreadable'; readonly why: string };

/** Encodes a snapshot as a file. Equal snapshots give equal bytes, whatever the order of their targets. */
export function encodeSnapshot(snapshot: Snapshot): Buffer {
  const text = snapshotText(snapshot);
  const schema = Buffer.alloc(4);
  schema.writeUInt32LE(SNAPSHOT_SCHEMA);
  // This is the fastest level: slower ones make these lines hardly smaller.
  const compressed = zstdCompressSync(text, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  return Buffer.concat([MAGIC, schema, digestOfBytes(compressed), compressed]);
}

/**
 * Decodes a snapshot. The bytes may be anything: it never throws, and never takes more memory than a real snapshot
 * could.
 *
 * Most of a snapshot is read only when it is needed. If its content is invalid although its digest matches, that later
 * read throws a DamagedSnapshotError.
 */
export function decodeSnapshot(file: Buffer): DecodedSnapshot {
  if (file.length < HEADER_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) {
    return { kind: 'unreadable', why: 'it is not a snapshot' };
  }
  const schema = file.readUInt32LE(MAGIC.length);
  if (schema !== SNAPSHOT_SCHEMA) {
    return { kind: 'unreadable', why: `it has schema ${schema}, and this version reads ${SNAPSHOT_SCHEMA}` };
  }
  if (file.length > LARGEST_FILE) return { kind: 'unreadable', why: `it is too large: ${file.length} bytes` };
  const compressed = file.subarray(HEADER_BYTES);
  if (!digestOfBytes(compressed).equals(file.subarray(HEADER_BYTES - DIGEST_BYTES, HEADER_BYTES))) {
    return { kind: 'unreadable', why: 'it is damaged: its digest does not match' };
  }
  try {
    const text = zstdDecompressSync(compressed, { maxOutputLength: LARGEST_TEXT });
    return { kind: 'snapshot', snapshot: new StoredSnapshot(new Lines(text)) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unreadable', why: `it is damaged: ${why}` };
  }
}

function digestOfBytes(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/**
 * Writes a snapshot as lines of JSON, so that each line can be read by itself. The lines are: what the snapshot is, its
 * loading inputs, its load statements, the outlines of the packages, and one line for the targets of each package, in
 * the order of the outlines.
 */
function snapshotText({ fingerprint, bazelVersion, inputs, statements, graph }: Snapshot): Buffer {
  const packages = [...graph.packages()].sort((one, other) => (one.path < other.path ? -1 : 1));
  const outlines = packages.map(({ path, outline }) => [
    path,
    outline.uses,
    outline.toolchains,
    outline.constraints,
    outline.queries,
    outline.namedCount,
  ]);
  const lines = [
    ...[
      [fingerprint, bazelVersion, ACCOUNTED_FOR],
      writeInputs(inputs),
      sortedEntries(statements),
      outlines,
    ].map((line) => Buffer.from(JSON.stringify(line), 'utf8')),
    ...packages.map(lineOf),
  ];
  const lineEnd = Buffer.of(LINE_END);
  return Buffer.concat(lines.flatMap((line) => [line, lineEnd]));
}

/** A snapshot that was decoded only as far as the outlines. */
class StoredSnapshot implements Snapshot {
  readonly fingerprint: string;
  readonly bazelVersion: string;
  readonly graph: Graph;
  private readonly inputsLine: Buffer;
  private readonly statementsLine: Buffer;
  private inputsRead: LoadingInputs | undefined;
  private statementsRead: LoadStatements | undefined;

  constructor(lines: Lines) {
    const [fingerprint, bazelVersion, accountedFor] = listOf(lines.next());
    if (!isText(fingerprint) || !isText(bazelVersion))
      throw new DamagedSnapshotError('its first line is not the header of a snapshot');
    if (accountedFor !== ACCOUNTED_FOR)
      throw new DamagedSnapshotError('it does not say that every BUILD file was checked');
    this.fingerprint = fingerprint;
    this.bazelVersion = bazelVersion;
    this.inputsLine = lines.next();
    this.statementsLine = lines.next();
    const outlines = listOf(lines.next());
    this.graph = Graph.ofPackages(outlines.map((outline) => readPackage(outline, lines.next())));
    lines.end();
  }

  get inputs(): LoadingInputs {
    this.inputsRead ??= readInputs(listOf(this.inputsLine));
    return this.inputsRead;
  }

  get statements(): LoadStatements {
    this.statementsRead ??= new Map(listOf(this.statementsLine).map(readStatements));
    return this.statementsRead;
  }
}

/** Splits a text into lines, one at a time. */
class Lines {
  private start = 0;

  constructor(private readonly text: Buffer) {}

  next(): Buffer {
    const end = this.text.indexOf(LINE_END, this.start);
    if (end < 0) throw new DamagedSnapshotError('it ends too early');
    const line = this.text.subarray(this.start, end);
    this.start = end + 1;
    return line;
  }

  end(): void {
    if (this.start !== this.text.length) throw new DamagedSnapshotError('it has more lines than packages');
  }
}

function readPackage(entry: unknown, line: Buffer): StoredPackage {
  const [path, uses, toolchains, constraints, queries, namedCount] = Array.isArray(entry)
    ? (entry as readonly unknown[])
    : [];
  const hasLists = isTexts(uses) && isTexts(toolchains) && isTexts(constraints) && isTexts(queries);
  if (!isText(path) || !hasLists || !isNumber(namedCount))
    throw new DamagedSnapshotError(`${JSON.stringify(entry)} is not an outline of a package`);
  const outline: Outline = {
    uses: uses as PackagePath[],
    toolchains: toolchains as Label[],
    constraints: constraints as Label[],
    queries: queries as Label[],
    namedCount,
  };
  return new StoredPackage(path as PackagePath, outline, line);
}

type StoredFiles = readonly (readonly [WorkspacePath, string])[];

function writeInputs(inputs: LoadingInputs): readonly unknown[] {
  return [
    inputs.paths.all,
    sortedEntries(inputs.links),
    sortedEntries(inputs.submodules),
    sortedEntries(inputs.buildFiles),
    sortedEntries(inputs.starlark),
    sortedEntries(inputs.everywhere),
    inputs.main.names,
    inputs.gaps,
  ];
}

function readInputs(stored: readonly unknown[]): LoadingInputs {
  const [paths, links, submodules, buildFiles, starlark, everywhere, mainNames, gaps] = stored;
  if (!isTexts(paths) || !isTexts(mainNames) || !isTexts(gaps))
    throw new DamagedSnapshotError('its loading inputs are not lists of texts');
  return {
    paths: SortedPaths.of(paths as WorkspacePath[]),
    links: readFiles(links),
    submodules: readFiles(submodules),
    buildFiles: readFiles(buildFiles),
    starlark: readFiles(starlark),
    everywhere: readFiles(everywhere),
    main: MainRepository.named(...mainNames),
    gaps,
  };
}

function readFiles(stored: unknown): Map<WorkspacePath, string> {
  const isFile = (entry: unknown): boolean => isTexts(entry) && entry.length === 2;
  if (!Array.isArray(stored) || !stored.every(isFile))
    throw new DamagedSnapshotError('a list of files is not a list of pairs');
  return new Map(stored as StoredFiles);
}

function readStatements(entry: unknown): [string, readonly string[]] {
  const [objectId, labels] = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
  if (!isText(objectId) || !isTexts(labels))
    throw new DamagedSnapshotError(`${JSON.stringify(entry)} are not load statements`);
  return [objectId, labels];
}

function sortedEntries<Key extends string, Value>(map: ReadonlyMap<Key, Value>): [Key, Value][] {
  return [...map].sort(([one], [other]) => (one < other ? -1 : 1));
}
