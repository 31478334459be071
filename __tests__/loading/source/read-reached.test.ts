import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import type { Label } from '../../../src/graph/label.js';
import type { Target } from '../../../src/graph/target.js';
import { ABSENT, type ReachedExternals } from '../../../src/loading/externals/reached-externals.js';
import type { StandIn } from '../../../src/loading/externals/stand-ins.js';
import { readReached } from '../../../src/loading/source/read-reached.js';
import { labels, rule, source } from '../../support/builders.js';
import { canonical, mappingOf } from '../../support/externals.js';
import { writeFiles } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const MAPPING = mappingOf({ '': '', tools: 'tools~', lib: 'lib~' });

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

interface World {
  /** What Bazel finds if it is asked for its label, as the main repository names it. */
  readonly targets?: readonly Target[];
  /** What Bazel finds in packages. */
  readonly inPackages?: readonly Target[];
  readonly asked?: readonly string[];
  readonly isFollowed?: (label: Label) => boolean;
  readonly standIns?: ReadonlyMap<string, StandIn>;
}

/** What Bazel was asked, and what was read. */
async function read({ targets = [], inPackages = [], ...question }: World): Promise<{
  readonly reached: ReachedExternals;
  readonly calls: readonly string[];
}> {
  const calls: string[] = [];
  const bazel = {
    externalFolder: () => Promise.resolve(temporary.path),
    withRepositories: (repositories: ReadonlyMap<string, StandIn>) => ({
      targetsMatching: (asked: readonly Label[]) => {
        calls.push(
          `ask ${asked.join(' ')} with ${[...repositories.keys()].join(' ')}`.replace(/ with $/, ''),
        );
        return Promise.resolve(targets.filter(({ label }) => asked.includes(label)));
      },
    }),
    targetsMatching: (patterns: readonly Label[]) => {
      calls.push(`match ${patterns.join(' ')}`);
      return Promise.resolve(inPackages);
    },
  } as unknown as Bazel;
  const standIns = new Map([...(question.standIns ?? [])].map(([name, files]) => [canonical(name), files]));
  const reached = await readReached(bazel, {
    labels: labels(...(question.asked ?? ['@tools//:a'])),
    mapping: MAPPING,
    isFollowed: question.isFollowed ?? (() => true),
    changed: [],
    standIns,
  });
  return { reached, calls };
}

test('targets and their inputs have canonical names, and those of the main repository are left out', async () => {
  const { reached } = await read({
    targets: [rule('@tools//:a', { inputs: ['@lib//:b', '//own:c'] }), rule('@lib//:b'), source('//own:c')],
  });
  expect([...reached.targets.keys()].sort()).toEqual(['@@lib~//:b', '@@tools~//:a']);
  const a = reached.targets.get('@@tools~//:a' as Label);
  expect(a).toMatchObject({ label: '@tools//:a', inputs: ['@@lib~//:b', '//own:c'], content: null });
  expect(reached.missing).toEqual(new Set());
});

test('targets are followed to what they depend on, step by step, each once', async () => {
  const { reached, calls } = await read({
    asked: ['@tools//:a', '@tools//:b'],
    targets: [
      rule('@tools//:a', { inputs: ['@tools//:b', '@lib//:c', '@@lib~//:c', '@lib//:d'] }),
      rule('@tools//:b', { inputs: ['@tools//:a'] }),
      rule('@lib//:c', { inputs: ['//own:e'] }),
      rule('//own:e', { inputs: ['@lib//:f'] }),
      rule('@lib//:f'),
      rule('@lib//:d', { inputs: ['@lib//:g'] }),
    ],
    isFollowed: (label) => label !== '@@lib~//:d',
  });
  expect(calls).toEqual(['ask @tools//:a @tools//:b', 'ask @lib//:c', 'ask //own:e', 'ask @lib//:f']);
  expect([...reached.targets.keys()].sort()).toEqual([
    '@@lib~//:c',
    '@@lib~//:f',
    '@@tools~//:a',
    '@@tools~//:b',
  ]);
  // What is not followed is not missing.
  expect([...reached.missing]).toEqual([]);
});

test('files are told by their content, also one with a path in its name and a folder', async () => {
  const contents = async (): Promise<(string | null | undefined)[]> => {
    const names = ['@tools//pkg:f.txt', '@tools//pkg:deep/g.txt', '@tools//dir:.', '@tools//pkg:none'];
    const { reached } = await read({ targets: names.map((name) => source(name)), asked: names });
    return names.map((name) => reached.targets.get(name.replace('@tools', '@@tools~') as Label)?.content);
  };
  const files = { 'tools~/pkg/f.txt': 'f', 'tools~/pkg/deep/g.txt': 'g', 'tools~/dir/h.txt': 'h' };
  writeFiles(temporary.path, files);
  const before = await contents();
  expect(before[3]).toBe(ABSENT);
  for (const [index, path] of Object.keys(files).entries()) {
    writeFiles(temporary.path, { ...files, [path]: 'other' });
    const after = await contents();
    expect(after.map((each, at) => each === before[at])).toEqual([0, 1, 2, 3].map((at) => at !== index));
  }
});

test('what was named, and is in a package that does not load, is missing', async () => {
  writeFiles(temporary.path, { 'lib~/BUILD': '', 'lib~/broken/BUILD.bazel': '' });
  const { reached, calls } = await read({
    asked: ['@tools//:a', '@lost//:x'],
    targets: [rule('@tools//:a', { inputs: ['@lib//:gone', '@lib//broken:a', '@lib//sub:a', '//own:c'] })],
    inPackages: [source('@lib//:BUILD')],
  });
  expect([...reached.missing].sort()).toEqual(['@@lib~//broken:a', '@@lib~//sub:a', '@@lost//:x']);
  // What was not fetched is not tried again.
  expect(calls.slice(-1)).toEqual(['match @@lib~//:all-targets @@lib~//broken:all-targets']);
});

test('stand-ins are what the query reads', async () => {
  const standIns = new Map([['sdk~', new Map([['BUILD.bazel', '']])]]);
  const targets = [rule('@tools//:a', { inputs: ['@@sdk~//:lost'] })];
  const { reached, calls } = await read({ targets, standIns });
  expect(calls).toEqual(['ask @tools//:a with sdk~', 'ask @@sdk~//:lost with sdk~']);
  // The real repository may have what they lack.
  expect([...reached.missing]).toEqual(['@@sdk~//:lost']);
});

test('nothing is asked if no label is named', async () => {
  expect((await read({ asked: [] })).calls).toEqual([]);
});
