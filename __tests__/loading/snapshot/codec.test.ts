import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zstdCompressSync } from 'node:zlib';
import { Graph } from '../../../src/graph/graph.js';
import { makeLabel, type Label } from '../../../src/graph/label.js';
import type { Target } from '../../../src/graph/target.js';
import { DamagedSnapshotError } from '../../../src/loading/snapshot/stored-values.js';
import { crafted, craftedOf } from '../../support/crafted-snapshot.js';
import { decodeSnapshot, encodeSnapshot } from '../../../src/loading/snapshot/codec.js';
import type { Snapshot } from '../../../src/loading/snapshot/snapshot.js';
import { loadingOf } from '../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

const TARGETS: readonly Target[] = [
  {
    kind: 'rule',
    label: makeLabel('a', 't'),
    ruleClass: 'sh_test',
    definition: 'digest',
    tags: ['manual', 'ü\u{1F600}'],
    inputs: [makeLabel('a', 'sp ace.txt'), '@rules//x:y' as Label],
    test: { size: 'large', timeout: 'eternal' },
    toolchains: [],
    buildSetting: false,
    executable: true,
    starlark: false,
    constraints: ['@platforms//os:linux' as Label],
  },
  {
    kind: 'rule',
    label: makeLabel('', 'toolchain'),
    ruleClass: 'toolchain',
    definition: '',
    tags: [],
    inputs: [],
    test: null,
    toolchains: ['@@other//:impl' as Label],
    buildSetting: true,
    executable: false,
    starlark: true,
    constraints: [],
  },
  { kind: 'source', label: makeLabel('a', 'sp ace.txt'), definition: 'd', inputs: [makeLabel('a', 'group')] },
  { kind: 'generated', label: makeLabel('a', 'out'), generatingRule: makeLabel('a', 't') },
  { kind: 'package group', label: makeLabel('a', 'group'), definition: 'e', inputs: [] },
  { kind: 'environment group', label: makeLabel('a', 'env'), definition: 'f', inputs: [makeLabel('a', 't')] },
];

async function snapshotWith(targets: readonly Target[]): Promise<Snapshot> {
  const workspace = MemoryWorkspace.of({
    'MODULE.bazel': 'module(name = "own")',
    'a/BUILD': 'load(":x.bzl", "x")',
    'a/x.bzl': '',
    'a/sp ace.txt': '',
  })
    .withLink('a/link', 'x.bzl')
    .with('sub', { mode: '160000', text: 'c0ffee' });
  return {
    fingerprint: 'f',
    bazelVersion: 'bazel 7.7.1',
    ...(await loadingOf(workspace)),
    graph: Graph.of(targets),
  };
}

describe('a snapshot', () => {
  test('comes back as it was', async () => {
    const snapshot = await snapshotWith(TARGETS);
    const decoded = decodeSnapshot(encodeSnapshot(snapshot));
    if (decoded.kind !== 'snapshot') throw new Error(decoded.why);
    const { fingerprint, bazelVersion, inputs, statements } = decoded.snapshot;
    expect({ fingerprint, bazelVersion, inputs, statements, graph: undefined }).toEqual({
      ...snapshot,
      graph: undefined,
    });
    const byLabel = (graph: Graph): Target[] =>
      [...graph.targets()].sort((a, b) => (a.label < b.label ? -1 : 1));
    expect(byLabel(decoded.snapshot.graph)).toEqual(byLabel(snapshot.graph));
  });

  test('that does not say that every BUILD file was checked is not read', async () => {
    const file = encodeSnapshot(await snapshotWith(TARGETS));
    const silent = crafted(file, (lines) => ['["f","bazel 7.7.1"]', ...lines.slice(1)]);
    expect(decodeSnapshot(silent)).toEqual({
      kind: 'unreadable',
      why: expect.stringContaining('it does not say that every BUILD file was checked'),
    });
  });

  test('has the same bytes whatever the order of its targets', async () => {
    const one = encodeSnapshot(await snapshotWith(TARGETS));
    const other = encodeSnapshot(await snapshotWith([...TARGETS].reverse()));
    expect(one.equals(other)).toBe(true);
  });
});

describe('an unreadable file', () => {
  test.each<[string, (bytes: Buffer) => Buffer, string]>([
    ['empty', () => Buffer.alloc(0), 'not a snapshot'],
    ['foreign', () => Buffer.from('PK\x03\x04'.repeat(50)), 'not a snapshot'],
    ['of a later schema', (bytes) => changed(bytes, 24, 99), 'schema 99'],
    ['cut', (bytes) => bytes.subarray(0, -5), ''],
    ['of another content than its digest', (bytes) => changed(bytes, 30, 1), 'damaged'],
    [
      'a bomb',
      (bytes) => Buffer.concat([bytes.subarray(0, 60), zstdCompressSync(Buffer.alloc(64e6))]),
      'damaged',
    ],
  ])('is named for what it is: %s', async (_what, damage, why) => {
    const bytes = encodeSnapshot(await snapshotWith(TARGETS));
    const decoded = decodeSnapshot(damage(bytes));
    expect(decoded).toEqual({ kind: 'unreadable', why: expect.stringContaining(why) as unknown });
  });

  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['nothing', (bytes) => craftedOf(bytes, Buffer.alloc(0))],
    ['no lines', (bytes) => craftedOf(bytes, Buffer.from('[]'))],
    ['no JSON', (bytes) => crafted(bytes, (lines) => ['{', ...lines.slice(1)])],
    ['no name', (bytes) => crafted(bytes, (lines) => ['[1,2]', ...lines.slice(1)])],
    ['no outlines', (bytes) => crafted(bytes, (lines) => lines.slice(0, 3))],
    ['a wrong outline', (bytes) => crafted(bytes, (lines) => lines.with(3, '[["a"],["b"]]'))],
    ['too few packages', (bytes) => crafted(bytes, (lines) => lines.slice(0, -1))],
    ['too many lines', (bytes) => crafted(bytes, (lines) => [...lines, '[]'])],
    ['line ends alone', (bytes) => craftedOf(bytes, Buffer.alloc(100e6, '\n'))],
  ])('is found out although its digest is right: %s', async (_what, craft) => {
    const decoded = decodeSnapshot(craft(encodeSnapshot(await snapshotWith(TARGETS))));
    expect(decoded).toEqual({ kind: 'unreadable', why: expect.stringContaining('damaged') as unknown });
  });

  test('is not read where it is larger than any of ours', async () => {
    const bytes = encodeSnapshot(await snapshotWith(TARGETS));
    const large = Buffer.alloc(256 * 1024 * 1024 + 1);
    bytes.copy(large);
    expect(decodeSnapshot(large)).toEqual({
      kind: 'unreadable',
      why: 'it is too large: 268435457 bytes',
    });
  });

  test('is not unpacked beyond what any of ours can hold, although its digest is right', async () => {
    const bomb = craftedOf(
      encodeSnapshot(await snapshotWith(TARGETS)),
      Buffer.alloc(512 * 1024 * 1024 + 1, '\n'),
    );
    expect(decodeSnapshot(bomb)).toEqual({
      kind: 'unreadable',
      // Of the decompression, which stopped there; lines that make no sense are found out only after it.
      why: expect.stringMatching(/Cannot create a Buffer larger than 536870912 bytes/) as unknown,
    });
  });

  test.each<[string, number, string]>([
    ['paths', 1, '[[1]]'],
    ['files', 1, '[[],[["a"]],[],[],[],[],[],[]]'],
    ['load statements', 2, '[["id",[1]]]'],
    ['JSON', 1, '{'],
    ['JSON of targets', 5, '['],
    ['targets', 5, '{}'],
    ['a target', 5, '[["rule"]]'],
    ['a kind', 5, '[["rules",":t","",[],"c",[],false,null,null]]'],
    ['a label', 5, '[["source","a:t","",[]]]'],
    ['a label of another repository', 5, '[["source","@r//:t","",[]]]'],
    ['the order', 5, '[["source",":t","",[]],["source",":s","",[]]]'],
    ['a label twice', 5, '[["source",":t","",[]],["source",":t","",[]]]'],
    ['an input', 5, '[["source",":t","",["//a"]]]'],
    ['what a test asks for', 5, '[["rule",":t","",[],"c",[],false,null,["huge","short"]]]'],
    ['a toolchain', 5, '[["rule",":t","",[],"c",[],false,7,null]]'],
  ])('is found out when it is asked for, although its digest is right: %s', async (_what, at, line) => {
    const file = crafted(encodeSnapshot(await snapshotWith(TARGETS)), (lines) => lines.with(at, line));
    const decoded = decodeSnapshot(file);
    if (decoded.kind !== 'snapshot') throw new Error(decoded.why);
    const { snapshot } = decoded;
    expect(() => [snapshot.inputs, snapshot.statements, ...snapshot.graph.targets()]).toThrow(
      DamagedSnapshotError,
    );
  });

  test('never throws', async () => {
    const bytes = encodeSnapshot(await snapshotWith(TARGETS));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (position, value) => {
        const decoded = decodeSnapshot(changed(bytes, position, value));
        return decoded.kind === 'unreadable' || bytes[position] === value;
      }),
    );
  });
});

function changed(bytes: Buffer, position: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[position] = value;
  return copy;
}
