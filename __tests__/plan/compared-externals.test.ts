import { describe, expect, test } from '@jest/globals';
import { BazelError } from '../../src/adapters/bazel/bazel-error.js';
import type { Label } from '../../src/graph/label.js';
import type { Target } from '../../src/graph/target.js';
import type { ExternalRepository, Externals } from '../../src/loading/externals/external-repositories.js';
import { ExternalsUnknownError, type ExternalsSource } from '../../src/loading/source/externals-source.js';
import type { ReachedQuestion } from '../../src/loading/source/read-reached.js';
import type { Revision } from '../../src/loading/source/revision.js';
import { comparedExternals, type ExternalsQuestion } from '../../src/plan/compared-externals.js';
import { knownRepositories } from '../../src/plan/known-repositories.js';
import type { PlanTools } from '../../src/plan/plan-tools.js';
import { Timer } from '../../src/plan/timer.js';
import { graph, labels, repositoryPath, rule, source } from '../support/builders.js';
import { canonical, externalModule, externals, reached, repository } from '../support/externals.js';

const MAPPING = { '': '', lib: 'lib~', kits: 'kits~', sdk: 'sdk~' };
const STAND_IN = new Map([['BUILD.bazel', '']]);

/** The two revisions, told apart by their names. */
const [BASE, HEAD] = ['base', 'head'].map((commit) => ({ commit }) as unknown as Revision) as [
  Revision,
  Revision,
];

const MAIN = [rule('//app:app', { inputs: ['@lib//:a'] }), rule('//other:other')];

interface World {
  /** Repositories beside `lib~`, which changes, and `kits~`, whose module registers toolchains. */
  readonly repositories?: readonly ExternalRepository[];
  /** What `kits~` registers at the head, if it is not the same as at the base. */
  readonly registersAfter?: string;
  /** What the pattern of the registered toolchains matches, at the base and at the head. */
  readonly registered?: readonly Target[];
  readonly registeredAfter?: readonly Target[];
  /** What is found behind all labels. */
  readonly before?: readonly Target[];
  readonly after?: readonly Target[];
  readonly settings?: readonly [before: string, after: string];
  /** More targets of the main repository. */
  readonly main?: readonly Target[];
  readonly fails?: Error;
  /** Files with the code of aspects that options turn on. */
  readonly aspectCode?: readonly string[];
  /** Whether Bazel never answers. */
  readonly hangs?: boolean;
}

const CHAIN = rule('@kits//:chain', { ruleClass: 'toolchain', toolchains: ['@kits//:impl'] });

/** Compares two revisions of a world, and tells what was asked for. */
async function compare(world: World) {
  const asked = new Map<Revision, ReachedQuestion>();
  let isStopped = false;
  let end: (error: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  const REGISTERS = 'register_toolchains("//:all")\n';
  const side = (revision: Revision): Externals =>
    externals({
      mapping: MAPPING,
      mappings: { 'kits~': { lib: 'lib~', kits: 'kits~' }, 'lib~': {} },
      repositories: [
        repository('lib~', { definition: revision === BASE ? 'old' : 'new' }),
        repository('kits~'),
        ...(world.repositories ?? []),
      ],
      modules: [
        externalModule('', { dependencies: ['lib', 'kits'] }),
        externalModule('lib'),
        externalModule('kits', {
          dependencies: ['lib'],
          text: revision === BASE ? REGISTERS : (world.registersAfter ?? REGISTERS),
        }),
      ],
    });
  const source: ExternalsSource = {
    minutes: world.hangs === true ? 0.0001 : 1,
    version: () => Promise.resolve(null),
    announce: () => Promise.resolve(),
    keep: () => Promise.resolve(),
    stop: () => {
      isStopped = true;
      end(new ExternalsUnknownError('it was ended'));
    },
    externalsOf: (revision) => {
      if (world.hangs === true) return ended;
      return world.fails === undefined ? Promise.resolve(side(revision)) : Promise.reject(world.fails);
    },
    withModules: (_, known) => Promise.resolve(known),
    targetsMatching: (revision) => {
      const { registered = [CHAIN], registeredAfter = registered } = world;
      return Promise.resolve(revision === BASE ? registered : registeredAfter);
    },
    reachedFrom: (revision, question) => {
      asked.set(revision, question);
      const [old, now] = world.settings ?? ['', ''];
      const targets = (revision === BASE ? world.before : world.after) ?? [];
      return Promise.resolve(
        reached(question.mapping, { targets, settings: { 'lib~': revision === BASE ? old : now } }),
      );
    },
  };
  const main = graph(...MAIN, ...(world.main ?? []));
  const comparison = { base: BASE, head: HEAD, shown: [] } as unknown as ExternalsQuestion['comparison'];
  const escalation = {
    kind: 'externals',
    because: { reason: 'MODULE.bazel changed', change: repositoryPath('MODULE.bazel') },
    areRead: false,
    areNamed: false,
  } as const;
  const tools = { externals: source, timer: new Timer() } as unknown as PlanTools;
  const question: ExternalsQuestion = {
    comparison,
    graphs: { before: main, after: main },
    repositories: await knownRepositories(comparison, escalation, tools),
    escalation,
    namedElsewhere: { targets: [], registered: [] },
    aspectCode: labels(...(world.aspectCode ?? [])),
  };
  return { compared: await comparedExternals(question, tools), asked, isStopped };
}

async function why(world: World): Promise<string> {
  const { compared } = await compare(world);
  return compared.kind === 'everything' ? compared.because.reason : compared.kind;
}

describe('external repositories', () => {
  test('affect everything if code of an aspect that options turn on may differ', async () => {
    const same = [rule('@lib//:a')];
    const of = (file: string) => why({ before: same, after: same, aspectCode: [file] });
    expect(await of('@lib//:lint.bzl')).toContain('an aspect whose code in @lib//:lint.bzl may differ');
    expect(await of('@sdk//:lint.bzl')).toBe('compared');
  });

  test('differ by the targets that differ', async () => {
    const { compared } = await compare({
      before: [rule('@lib//:a', { definition: 'old' }), rule('@lib//:b')],
      after: [rule('@lib//:a', { definition: 'new' }), rule('@lib//:b')],
    });
    if (compared.kind !== 'compared') throw new Error(compared.kind);
    const { seeds, usersOf } = compared.difference;
    expect(seeds).toEqual([
      { label: '@lib//:a', kind: 'definition', change: 'MODULE.bazel' },
      // What no label leads to, which code may still find.
      { label: '@lib//...', kind: 'definition', change: 'MODULE.bazel' },
    ]);
    expect(usersOf('@lib//:a' as Label)).toEqual(['//app:app']);
  });

  test('are asked for what the main repository names and what stands behind toolchains', async () => {
    const { asked } = await compare({});
    for (const revision of [BASE, HEAD]) {
      const { labels = [], changed = [], standIns } = asked.get(revision) ?? {};
      expect(labels).toEqual(['@@kits~//:chain', '@@kits~//:impl', '@lib//:a']);
      expect([...changed]).toEqual(['lib~']);
      expect(standIns?.size).toBe(0);
    }
  });

  test('affect everything if modules register other toolchains', async () => {
    expect(await why({ registersAfter: 'register_toolchains("//:other")\n' })).toBe(
      'MODULE.bazel changed: the module kits registers other toolchains or execution platforms than before',
    );
  });

  test('affect everything if registered toolchains are not found, or differ', async () => {
    expect(await why({ registered: [] })).toMatch(
      /found nothing of the registered toolchains @@kits~\/\/:all$/,
    );
    const other = rule('@kits//:chain', { ruleClass: 'toolchain', toolchains: ['@kits//:new'] });
    expect(await why({ registeredAfter: [other] })).toMatch(/: registered toolchains or platforms differ$/);
  });

  test('affect everything if their settings differ', async () => {
    expect(await why({ settings: ['a', 'b'] })).toMatch(
      /the build settings or platforms of .* @lib~ may differ/,
    );
    expect(await why({ settings: ['a', 'a'] })).toBe('compared');
  });

  test('are unknown, and it is said why, if Bazel fails or has not answered in time', async () => {
    const failure = new BazelError('asking', { kind: 'exited', exitCode: 2 }, 'no module');
    for (const fails of [failure, new ExternalsUnknownError('too old')]) {
      const { compared } = await compare({ fails });
      expect(compared).toMatchObject({ kind: 'unknown' });
    }
    const { compared, isStopped } = await compare({ hangs: true });
    expect(compared).toMatchObject({
      kind: 'unknown',
      why: expect.stringMatching(/it took more than .* \(externals-minutes\)/),
    });
    expect(isStopped).toBe(true);
  });

  test('are no reason for a plan if the failure is one of this program', async () => {
    await expect(compare({ fails: new TypeError('no method') })).rejects.toThrow('no method');
  });
});

describe('repositories behind toolchains', () => {
  const kits = Array.from({ length: 12 }, (_, index) => `kits~~kits~kit${index}`);
  const registered = kits.map((name, index) =>
    rule(`@kits//:chain${index}`, { ruleClass: 'toolchain', toolchains: [`@@${name}//:kit`] }),
  );
  const worldWith = (parts: Parameters<typeof repository>[1]): World => ({
    registered,
    repositories: kits.map((name) => repository(name, { sees: ['lib~'], ...parts })),
  });

  test('affect everything if there are many of them', async () => {
    expect(await why(worldWith({}))).toBe(
      'MODULE.bazel changed: toolchains of many repositories may depend on it',
    );
  });

  test('are not fetched if their definitions tell what they depend on', async () => {
    const { compared, asked } = await compare(worldWith({ standIn: STAND_IN }));
    expect(compared.kind).toBe('compared');
    expect([...(asked.get(BASE)?.standIns.keys() ?? [])].sort()).toEqual([...kits].sort());
    expect(asked.get(HEAD)?.standIns.get(canonical(String(kits[0])))).toBe(STAND_IN);
  });

  test('affect everything through what their stand-ins depend on', async () => {
    const kit = rule(`@@${String(kits[0])}//:kit`, { inputs: ['@lib//:a'] });
    const { compared } = await compare({
      ...worldWith({ standIn: STAND_IN }),
      before: [kit, source('@lib//:a', 'old')],
      after: [kit, rule('@lib//:a')],
    });
    if (compared.kind !== 'compared') throw new Error(compared.kind);
    expect(compared.difference.seeds.map(({ label }) => label)).toEqual(['@lib//:a', '@lib//...']);
    expect(compared.difference.usersOf('@lib//:a' as Label)).toContain(kit.label);
    expect(compared.difference.named.get(kit.label)).toBe('used by a registered toolchain');
  });

  test('are fetched if the main repository names something of them', async () => {
    const { asked } = await compare({
      registered: [rule('@kits//:chain', { ruleClass: 'toolchain', toolchains: ['@sdk//:kit'] })],
      repositories: [repository('sdk~', { sees: ['lib~'], standIn: STAND_IN })],
      main: [rule('//app:sdk', { inputs: ['@sdk//:file'] })],
    });
    expect(asked.get(HEAD)?.labels).toContain('@@sdk~//:kit');
    expect(asked.get(HEAD)?.standIns.size).toBe(0);
  });
});
