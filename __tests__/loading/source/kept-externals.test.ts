import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Label } from '../../../src/graph/label.js';
import { KeptExternals } from '../../../src/loading/source/kept-externals.js';
import type { Externals } from '../../../src/loading/externals/external-repositories.js';
import { ExternalsUnknownError, type ExternalsSource } from '../../../src/loading/source/externals-source.js';
import type { ReachedQuestion } from '../../../src/loading/source/read-reached.js';
import type { Revision } from '../../../src/loading/source/revision.js';
import { labels, rule } from '../../support/builders.js';
import {
  canonical,
  externalModule,
  externals,
  mappingOf,
  reached,
  repository,
} from '../../support/externals.js';
import { MemoryBytes } from '../../support/memory-bytes.js';

const MAPPING = mappingOf({ lib: 'lib~', kits: 'kits~' });
const KNOWN = externals({
  mapping: { lib: 'lib~' },
  repositories: [repository('lib~', { sees: ['kits~'], standIn: new Map([['BUILD', '# é\n']]) })],
  modules: [externalModule('')],
});
const TARGET = rule('@lib//:a', { inputs: ['@kits//:b'] });
const DAY_MS = 24 * 60 * 60 * 1000;

function revision(digest: string): Revision {
  return { commit: digest, files: { digest: () => digest } } as unknown as Revision;
}

/** Answers as Bazel would, and counts. */
class CountedExternals implements ExternalsSource {
  readonly minutes = 10;
  readonly asked: string[] = [];
  missing: readonly string[] = [];
  known: (revision: string) => Externals = () => KNOWN;
  fails = false;

  version() {
    return Promise.resolve(null);
  }
  announce(): Promise<void> {
    return this.done('announce', undefined);
  }
  keep(): Promise<void> {
    return Promise.resolve();
  }
  stop(): void {
    this.asked.push('stop');
  }
  externalsOf({ commit }: Revision) {
    return this.done(`externals of ${commit}`, this.known(commit));
  }
  withModules({ commit }: Revision) {
    return this.done(`modules of ${commit}`, KNOWN);
  }
  targetsMatching({ commit }: Revision, patterns: readonly Label[]) {
    return this.done(`${patterns.join()} of ${commit}`, [TARGET]);
  }
  reachedFrom({ commit }: Revision, { isFollowed, labels: all }: ReachedQuestion) {
    for (const label of labels('@@kits~//:b')) isFollowed(label);
    const found = reached(MAPPING, { targets: [TARGET], missing: this.missing });
    return this.done(`behind ${all.join()} of ${commit}`, found);
  }

  private done<T>(question: string, answer: T): Promise<T> {
    if (this.fails) return Promise.reject(new ExternalsUnknownError('offline'));
    this.asked.push(question);
    return Promise.resolve(answer);
  }
}

let store: MemoryBytes;
let bazel: CountedExternals;

beforeEach(() => {
  store = new MemoryBytes();
  bazel = new CountedExternals();
});

interface Circumstances {
  readonly revisions?: readonly [base: string, head: string];
  readonly labels?: readonly string[];
  readonly isFollowed?: boolean;
  readonly settings?: readonly string[];
  readonly now?: number;
  /** What else decides the questions. */
  readonly changes?: readonly unknown[];
  /** The head's files at the end, if they have changed meanwhile. */
  readonly headAtEnd?: string;
}

/** Asks all questions that a plan asks. @returns what Bazel was asked, and the answers */
async function plan(circumstances: Circumstances = {}) {
  const { revisions = ['one', 'two'], isFollowed = true, settings = ['7.7.1'], now = 0 } = circumstances;
  bazel.asked.length = 0;
  const kept = new KeptExternals(
    bazel,
    store,
    {
      settings: () => Promise.resolve(settings),
      headDigest: () => Promise.resolve(circumstances.headAtEnd ?? revisions[1]),
    },
    () => now,
  );
  const [base, head] = revisions.map(revision) as [Revision, Revision];
  await kept.announce(base, head, circumstances.changes ?? []);
  const answers = [];
  for (const each of [base, head]) {
    const known = await kept.externalsOf(each);
    const question: ReachedQuestion = {
      labels: labels(...(circumstances.labels ?? ['@lib//:a'])),
      mapping: MAPPING,
      isFollowed: () => isFollowed,
      changed: [canonical('lib~')],
      standIns: new Map([[canonical('sdk~'), new Map([['BUILD', '']])]]),
    };
    answers.push(
      known,
      await kept.withModules(each, known, [canonical('kits~')]),
      await kept.targetsMatching(each, labels('@@kits~//:all')),
      await kept.reachedFrom(each, question),
    );
  }
  await kept.keep();
  return { asked: [...bazel.asked], answers };
}

const ALL = 9;

describe('a plan of the same two revisions', () => {
  test('asks Bazel nothing, and gets the same answers', async () => {
    const first = await plan();
    expect(first.asked).toHaveLength(ALL);
    const again = await plan();
    expect(again.asked).toEqual([]);
    expect(again.answers).toEqual(first.answers);
  });

  test('asks again for what is behind labels if other labels are followed, and keeps nothing of two times', async () => {
    await plan();
    expect((await plan({ isFollowed: false })).asked).toEqual([
      'behind @lib//:a of one',
      'behind @lib//:a of two',
    ]);
    expect((await plan({ labels: ['@lib//:c'] })).asked).toEqual([
      'behind @lib//:c of one',
      'behind @lib//:c of two',
    ]);
    expect((await plan({ isFollowed: false })).asked).toHaveLength(2);
    expect((await plan()).asked).toEqual([]);
  });

  test.each<[string, Circumstances]>([
    ['another head', { revisions: ['one', 'three'] }],
    ['another base', { revisions: ['three', 'two'] }],
    ['the revisions swapped', { revisions: ['two', 'one'] }],
    ['other settings', { settings: ['8.0.0'] }],
    ['answers of the day before', { now: DAY_MS }],
    ['other changes that count', { changes: [['lock.txt'], true] }],
  ])('asks everything anew with %s', async (_, changed) => {
    await plan();
    expect((await plan(changed)).asked).toHaveLength(ALL);
  });

  test('asks everything anew if what was kept is damaged', async () => {
    await plan();
    for (const { bytes } of store.kept.values())
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    expect((await plan()).asked).toHaveLength(ALL);
  });

  test('asks everything anew if files changed while the first plan was made', async () => {
    await plan({ headAtEnd: 'edited' });
    expect((await plan()).asked).toHaveLength(ALL);
  });

  test('asks everything anew if a repository of one revision alone shows a folder outside of the workspace', async () => {
    const outside = repository('lib~', { showsOutside: true });
    bazel.known = () => externals({ repositories: [outside] });
    await plan();
    expect((await plan()).asked).toEqual([]);

    bazel.known = (revision) =>
      externals({ repositories: revision === 'three' ? [{ ...outside, definition: 'other' }] : [outside] });
    const changed = { revisions: ['one', 'three'] } as const;
    await plan(changed);
    expect((await plan(changed)).asked).toHaveLength(ALL);
  });

  test('takes thousands of repositories that all see each other', async () => {
    const names = Array.from({ length: 4_000 }, (_, at) =>
      canonical(`lib~~pip~a_long_name_of_a_package_${at}`),
    );
    const all = new Map(names.map((name) => [name, name]));
    bazel.known = () => ({ ...KNOWN, mappings: new Map(names.map((name) => [name, all])) });
    const first = await plan();
    const again = await plan();
    expect(again.asked).toEqual([]);
    expect(again.answers[0]).toEqual(first.answers[0]);
  });

  test('asks everything anew if something could not be loaded, which may be there the next time', async () => {
    bazel.missing = ['@@kits~//:b'];
    await plan();
    expect((await plan()).asked).toHaveLength(ALL);
  });
});

test('a plan whose questions fail keeps nothing', async () => {
  bazel.fails = true;
  await expect(plan()).rejects.toThrow('offline');
  expect(store.kept.size).toBe(0);
});
