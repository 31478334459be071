import { describe, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import type { WorkspaceDefinition } from '../../../src/formats/workspace-definitions.js';
import type { Label, WorkspacePath } from '../../../src/graph/label.js';
import { MAIN } from '../../../src/graph/repository.js';
import type { Target } from '../../../src/graph/target.js';
import { ExternalsUnknownError, QueriedExternals } from '../../../src/loading/source/externals-source.js';
import type { Revision } from '../../../src/loading/source/revision.js';
import type { CheckoutSite, ScratchSite } from '../../../src/loading/source/site.js';
import { labels, rule } from '../../support/builders.js';
import { canonical } from '../../support/externals.js';

const FAILURE = new BazelError('loading', { kind: 'exited', exitCode: 37 }, 'no lock file');
const PATTERNS = labels('@@tools~//:all');

/** A Bazel that answers with a target that is called like itself. */
class FakeBazel {
  asked = 0;
  isStopped = false;

  constructor(
    readonly name: string,
    private readonly fails = false,
    readonly version = 'bazel 7.7.1',
    /** What the WORKSPACE file defines; null if Bazel does not read it. */
    readonly definitions: readonly WorkspaceDefinition[] | null = null,
    readonly hasNoModules = false,
  ) {}

  versionText(): Promise<string> {
    return Promise.resolve(this.version);
  }

  targetsMatching(): Promise<readonly Target[]> {
    this.asked += 1;
    return this.fails ? Promise.reject(FAILURE) : Promise.resolve([rule(`@@tools~//:${this.name}`)]);
  }

  readonly workspaceFile = {
    definitions: () =>
      Promise.resolve(this.definitions === null ? null : { repositories: this.definitions, binds: [] }),
    registrations: () => Promise.resolve([]),
  };

  overriddenRepositories(): ReadonlyMap<string, string> {
    return new Map();
  }

  get modules() {
    return {
      areOff: () => Promise.resolve(this.hasNoModules),
      mappings: () => Promise.reject(new Error('asked for modules')),
    };
  }

  workspace = '/nowhere';

  externalFolder(): Promise<string> {
    return Promise.resolve('/nowhere/external');
  }

  withoutLockFile(): Bazel {
    return new FakeBazel(`${this.name} without a lock file`) as unknown as Bazel;
  }

  stop(): void {
    this.isStopped = true;
  }
}

interface Situation {
  readonly checkout: FakeBazel;
  /** Whether the user's checkout has the files of the revision. */
  readonly isCheckedOut?: boolean;
  /** Whether the scratch folder has contained another revision. */
  readonly isScratchUsed?: boolean;
}

function source({ checkout, isCheckedOut = true, isScratchUsed = false }: Situation) {
  const [scratch, fresh] = [new FakeBazel('scratch'), new FakeBazel('fresh')];
  const externals = new QueriedExternals(
    {
      bazel: scratch,
      checkOut: () => Promise.resolve(),
      hasShownOnly: () => !isScratchUsed,
      keepForOneRevision: () => undefined,
    } as unknown as ScratchSite,
    { bazel: checkout, shows: () => Promise.resolve(isCheckedOut) } as unknown as CheckoutSite,
    () => fresh as unknown as Bazel,
    10,
  );
  return { externals, scratch, fresh };
}

/** A text of null is that of a symlink that leads out of the repository. */
function revision(files: Readonly<Record<string, string | null>> = {}): Revision {
  const entries = Object.keys(files).map((path) => ({ path }));
  return {
    files: {
      has: (path: string) => path in files,
      listing: { entries },
      texts: (paths: readonly WorkspacePath[]) =>
        Promise.resolve(
          new Map(paths.flatMap((path) => ((files[path] ?? null) === null ? [] : [[path, files[path]]]))),
        ),
    },
  } as unknown as Revision;
}

async function answer(externals: QueriedExternals, of: Revision): Promise<Label[]> {
  return (await externals.targetsMatching(of, PATTERNS)).map((target) => target.label);
}

test.each([
  ['workspace(name = NAME)', true],
  ['NAME = "x"\nworkspace(name = NAME + "y")', true],
  ['workspace(managed_directories = {}, name = NAME)', true],
  ['workspace(name = "x")\nlocal_repository(name = "y", path = "z")', false],
  ["workspace(\n    name = 'x',\n)", false],
  ['local_repository(name = "workspace", path = "z")', false],
])('the name of a workspace that code makes is not known: %s', async (text, isUnknown) => {
  const { externals } = source({ checkout: new FakeBazel('checkout') });
  const asking = externals.externalsOf(revision({ WORKSPACE: text }));
  const unknown = /WORKSPACE makes the name of the workspace by code/;
  if (isUnknown) await expect(asking).rejects.toThrow(unknown);
  else await expect(asking).rejects.not.toThrow(unknown);
});

describe('a question about external repositories', () => {
  const LOCKED = revision({ 'MODULE.bazel.lock': '{}' });

  test('is asked in the checkout of the user, if that shows the revision', async () => {
    const { externals } = source({ checkout: new FakeBazel('checkout') });
    expect(await answer(externals, LOCKED)).toEqual(['@@tools~//:checkout']);
  });

  test('is asked in the scratch folder otherwise, without a lock file if the revision has none', async () => {
    const { externals } = source({ checkout: new FakeBazel('checkout'), isCheckedOut: false });
    expect(await answer(externals, LOCKED)).toEqual(['@@tools~//:scratch']);
    expect(await answer(externals, revision())).toEqual(['@@tools~//:scratch without a lock file']);
  });

  test('is asked of a server of its own if the one of the scratch folder has loaded another revision', async () => {
    const { externals } = source({
      checkout: new FakeBazel('checkout'),
      isCheckedOut: false,
      isScratchUsed: true,
    });
    expect(await answer(externals, LOCKED)).toEqual(['@@tools~//:fresh']);
  });

  test('is asked again in the scratch folder if Bazel fails in the checkout, which is then left alone', async () => {
    const checkout = new FakeBazel('checkout', true);
    const { externals } = source({ checkout });
    for (let time = 0; time < 2; time += 1)
      expect(await answer(externals, LOCKED)).toEqual(['@@tools~//:scratch']);
    expect(checkout.asked).toBe(1);
  });

  test('is not asked anywhere else once all was ended', async () => {
    const checkout = new FakeBazel('checkout', true);
    const { externals, scratch } = source({ checkout });
    externals.stop();
    await expect(answer(externals, LOCKED)).rejects.toThrow(ExternalsUnknownError);
    expect([checkout.isStopped, scratch.isStopped, scratch.asked]).toEqual([true, true, 0]);
  });

  test('about no pattern is not asked', async () => {
    const checkout = new FakeBazel('checkout');
    const { externals } = source({ checkout });
    expect(await externals.targetsMatching(LOCKED, [])).toEqual([]);
    expect(checkout.asked).toBe(0);
  });
});

const OF_BAZEL: WorkspaceDefinition = {
  name: canonical('bazel_tools'),
  call: 'local_repository(\n  name = "bazel_tools",\n)\n',
  ruleFile: null,
  localPath: null,
  isOfBazel: true,
};

const DEFINING = 'load("@x//:y.bzl", "y")\ny()\n';

describe('external repositories cannot be listed', () => {
  test.each<[string, string, Readonly<Record<string, string | null>>]>([
    ['of modules by a Bazel before 7.1', 'bazel 7.0.2', { 'MODULE.bazel': '' }],
    ['of modules and a WORKSPACE file by a Bazel before 7.1', 'bazel 7.0.2', { WORKSPACE: DEFINING }],
    ['by a Bazel of unknown version', 'bazel development version', {}],
    ['if a WORKSPACE file cannot be read', 'bazel 7.7.1', { WORKSPACE: null }],
    ['if MODULE.bazel cannot be read', 'bazel 9.0.0', { 'MODULE.bazel': null }],
  ])('%s', async (_, version, files) => {
    const { externals } = source({ checkout: new FakeBazel('checkout', false, version, [OF_BAZEL]) });
    await expect(externals.externalsOf(revision(files))).rejects.toThrow(ExternalsUnknownError);
  });
});

describe('external repositories are listed', () => {
  test.each<[string, string]>([
    ['of a WORKSPACE file without modules', 'bazel 7.7.1'],
    ['of a WORKSPACE file without modules by an older Bazel', 'bazel 6.4.0'],
  ])('%s', async (_, version) => {
    const { externals } = source({ checkout: new FakeBazel('checkout', false, version, [OF_BAZEL], true) });
    const { repositories, mapping } = await externals.externalsOf(
      revision({ WORKSPACE: `workspace(name = "shop")\n${DEFINING}` }),
    );
    expect([...repositories.keys()]).toEqual(['bazel_tools']);
    expect(mapping.get('shop')).toBe(MAIN);
  });

  test.each<[string, string, Readonly<Record<string, string>>, readonly WorkspaceDefinition[] | null]>([
    [
      'if a WORKSPACE file only names the workspace',
      'bazel 7.7.1',
      { WORKSPACE: '# x\nworkspace(name = "a")\n' },
      null,
    ],
    [
      'if a WORKSPACE file is beside them',
      'bazel 7.7.1',
      { 'MODULE.bazel': '', WORKSPACE: DEFINING },
      [OF_BAZEL],
    ],
    [
      'if Bazel does not read a WORKSPACE file',
      'bazel 8.1.0',
      { 'MODULE.bazel': '', WORKSPACE: DEFINING },
      null,
    ],
    ['if no Bazel of this version does', 'bazel 9.0.0', { 'WORKSPACE.bazel': DEFINING }, [OF_BAZEL]],
  ])('of modules %s', async (_, version, files, definitions) => {
    const { externals } = source({ checkout: new FakeBazel('checkout', false, version, definitions) });
    await expect(externals.externalsOf(revision(files))).rejects.toThrow('asked for modules');
  });
});

test('two revisions that are asked for at the same time have the scratch folder one after the other', async () => {
  const log: string[] = [];
  const [one, other] = [revision(), revision()];
  const server = (): Bazel =>
    ({
      targetsMatching: async ([pattern]: readonly Label[]) => {
        log.push(`ask ${pattern ?? ''}`);
        await Promise.resolve();
        log.push(`answer ${pattern ?? ''}`);
        return pattern === '@a//:fails' ? Promise.reject(FAILURE) : [];
      },
      withoutLockFile: server,
    }) as unknown as Bazel;
  const externals = new QueriedExternals(
    {
      checkOut: async (shown: Revision) => {
        await Promise.resolve();
        log.push(shown === one ? 'check out one' : 'check out other');
      },
      hasShownOnly: () => false,
    } as unknown as ScratchSite,
    { shows: () => Promise.resolve(false) } as unknown as CheckoutSite,
    server,
    10,
  );
  const answers = await Promise.allSettled([
    externals.targetsMatching(one, labels('@a//:fails')),
    externals.targetsMatching(other, labels('@a//:b')),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(log).toEqual([
    'check out one',
    'ask @a//:fails',
    'answer @a//:fails',
    'check out other',
    'ask @a//:b',
    'answer @a//:b',
  ]);
});
