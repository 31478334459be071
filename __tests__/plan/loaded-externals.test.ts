import { describe, expect, test } from '@jest/globals';
import type { WorkspacePath } from '../../src/graph/label.js';
import type { BazelVersion } from '../../src/formats/bazel-version.js';
import type { Externals } from '../../src/loading/externals/external-repositories.js';
import type { LoadingInputsOfRevision } from '../../src/loading/inputs/loading-inputs.js';
import type { KnownExternals } from '../../src/loading/snapshot/dirty.js';
import type { Revision } from '../../src/loading/source/revision.js';
import { ChangedExternals } from '../../src/plan/externals/changed-externals.js';
import type { KnownRepositories } from '../../src/plan/known-repositories.js';
import { loadedExternals } from '../../src/plan/loaded-externals.js';
import type { PlanTools } from '../../src/plan/plan-tools.js';
import { TimeLimit } from '../../src/plan/time-limit.js';
import { externals, repository } from '../support/externals.js';

const NAMES = { '': '', hub: 'hub~', lib: 'lib~', kit: 'kit~' };
const MODULE = 'module(name = "own", version = "1")\n';

interface Side {
  readonly module?: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly hub?: string;
  /** Loading inputs that reach every package, and those of them behind external repositories. */
  readonly everywhere?: readonly string[];
  readonly behind?: readonly string[];
  /** Those that a `load` can name. */
  readonly starlark?: readonly string[];
  /** The folder that the repository `lib~` shows. */
  readonly folder?: string;
}

interface Given {
  readonly before?: Side;
  readonly after?: Side;
  readonly repositories?: 'none noticed' | 'unknown';
  readonly version?: BazelVersion;
  readonly namesAutoloads?: boolean;
  readonly ignored?: readonly string[];
  /** What bazel_tools calls others; null if that is unknown. */
  readonly seenByTools?: Readonly<Record<string, string>> | null;
}

async function known(given: Given): Promise<KnownExternals | null> {
  const { before = {}, after = {}, version = { major: 7, minor: 7, patch: 1 } } = given;
  const revisionOf = (side: Side): Revision => {
    const texts = new Map([['MODULE.bazel', side.module ?? MODULE]]);
    return { files: { texts: () => Promise.resolve(texts) } } as unknown as Revision;
  };
  const [base, head] = [revisionOf(before), revisionOf(after)];
  const inputsOf = ({ everywhere = [], behind = [], starlark = [] }: Side): LoadingInputsOfRevision =>
    ({
      inputs: {
        everywhere: new Map([...everywhere, ...behind].map((path) => [path, ''])),
        starlark: new Map(starlark.map((path) => [path, ''])),
      },
      behindExternals: new Set(behind),
    }) as unknown as LoadingInputsOfRevision;
  const tools = {
    reader: {
      allOf: (files: unknown) => Promise.resolve(inputsOf(files === base.files ? before : after)),
    },
    externals: { version: () => Promise.resolve(version) },
  } as unknown as PlanTools;
  const comparison = { base, head } as unknown as Parameters<typeof loadedExternals>[0];
  const options = {
    namesAutoloads: given.namesAutoloads === true,
    ignored: new Set((given.ignored ?? []) as WorkspacePath[]),
  };
  return loadedExternals(comparison, repositoriesOf(given), options, tools);
}

function repositoriesOf({
  before = {},
  after = {},
  repositories,
  seenByTools = {},
}: Given): KnownRepositories | null {
  if (repositories === 'none noticed') return null;
  if (repositories === 'unknown') return { kind: 'unknown', why: 'no Bazel here' };
  const of = ({ names = NAMES, hub = 'same', folder }: Side): Externals =>
    externals({
      mapping: names,
      mappings: {
        'kit~': { hub: 'hub~' },
        'lib~': {},
        'hub~': {},
        ...(seenByTools === null ? {} : { bazel_tools: seenByTools }),
      },
      repositories: [
        repository('hub~', { definition: hub }),
        repository('lib~', { localFolder: (folder as WorkspacePath | undefined) ?? null }),
        repository('kit~'),
      ],
    });
  const both = { before: of(before), after: of(after) };
  const changed = ChangedExternals.of(both, { paths: [], areRead: false, areNamed: false });
  return { kind: 'known', both, changed, limit: new TimeLimit(1, () => undefined) };
}

function differing(found: KnownExternals | null): string[] | null | undefined {
  const mayDiffer = found?.mayDiffer;
  if (mayDiffer === undefined || mayDiffer === null) return mayDiffer;
  return ['hub', 'hub~', 'lib', 'kit', 'hidden~x'].filter((name) => mayDiffer(name));
}

const BUMP = { before: { hub: 'old' }, after: { hub: 'new' } };

describe('what is loaded from external repositories may differ', () => {
  test('where a repository changed or one that it sees, by both of its names, or is unknown', async () => {
    expect(differing(await known(BUMP))).toEqual(['hub', 'hub~', 'kit', 'hidden~x']);
  });

  test('nowhere if no repository changed, or none can notice the change', async () => {
    expect(differing(await known({}))).toBeNull();
    expect(differing(await known({ repositories: 'none noticed' }))).toBeNull();
  });

  test.each<[string, Given]>([
    ['the external repositories are unknown', { repositories: 'unknown' }],
    ['the module has another version', { ...BUMP, after: { hub: 'new', module: MODULE.replace('1', '2') } }],
    [
      'the module has another version, though no repository can notice it',
      { repositories: 'none noticed', after: { module: MODULE.replace('1', '2') } },
    ],
    [
      'the main repository calls one otherwise',
      { ...BUMP, after: { hub: 'new', names: { ...NAMES, x: 'hub~' } } },
    ],
    [
      'a folder became a repository, and so has no packages any more',
      { ...BUMP, after: { hub: 'new', folder: 'third/lib' } },
    ],
    ['a name leads elsewhere', { ...BUMP, after: { hub: 'new', names: { ...NAMES, lib: 'kit~' } } }],
    [
      'Bazel loads from others without load statements, which bazel_tools sees',
      { ...BUMP, version: { major: 8, minor: 0, patch: 0 }, seenByTools: { hub: 'hub~' } },
    ],
    ['options make Bazel do so', { ...BUMP, namesAutoloads: true, seenByTools: { hub: 'hub~' } }],
    [
      'Bazel does so, and what bazel_tools sees is unknown',
      { ...BUMP, version: { major: 8, minor: 0, patch: 0 }, seenByTools: null },
    ],
  ])('everywhere if %s', async (_why, given) => {
    expect(await known(given)).toBeNull();
  });

  test('not everywhere if Bazel loads without load statements what did not change', async () => {
    const given: Given = { ...BUMP, version: { major: 8, minor: 0, patch: 0 }, seenByTools: { lib: 'lib~' } };
    expect(differing(await known(given))).toEqual(['hub', 'hub~', 'kit', 'hidden~x']);
  });

  test('not everywhere if something else in MODULE.bazel changed than the declaration of the module', async () => {
    const given: Given = {
      ...BUMP,
      after: { hub: 'new', module: `# new\n${MODULE}bazel_dep(name = "x")\n` },
    };
    expect(differing(await known(given))).toEqual(['hub', 'hub~', 'kit', 'hidden~x']);
  });
});

test('a file is read by external repositories alone if it is so in each revision that has it', async () => {
  const found = await known({
    before: { behind: ['both', 'old', 'one'] },
    after: { behind: ['both', 'new'], everywhere: ['one'] },
  });
  expect([...(found?.readByThem ?? [])].sort()).toEqual(['both', 'new', 'old']);
});

test('a file that was not looked at, or that a load can name, may be read by packages', async () => {
  const side: Side = { behind: ['lock.txt', 'ignored.txt', 'defs.bzl'], starlark: ['defs.bzl', 'other.bzl'] };
  const found = await known({ before: side, after: side, ignored: ['ignored.txt'] });
  expect([...(found?.readByThem ?? [])]).toEqual(['lock.txt']);
  expect([...(found?.loadedByThem ?? [])]).toEqual(['defs.bzl']);
});
