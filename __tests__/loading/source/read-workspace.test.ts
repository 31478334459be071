import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { QueryOutputError } from '../../../src/formats/query-proto.js';
import type { WorkspaceDefinition } from '../../../src/formats/workspace-definitions.js';
import { MAIN } from '../../../src/graph/repository.js';
import type { Externals } from '../../../src/loading/externals/external-repositories.js';
import { externalsOfWorkspace } from '../../../src/loading/source/read-externals.js';
import {
  besideModules,
  readWorkspace,
  withWorkspaceNames,
  type ReadWorkspace,
} from '../../../src/loading/source/read-workspace.js';
import { canonical, mappingOf } from '../../support/externals.js';
import { writeFiles, type Files } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

function definition(name: string, parts: Partial<WorkspaceDefinition> = {}): WorkspaceDefinition {
  return {
    name: canonical(name),
    call: `made(\n  name = "${name}",\n)\n`,
    ruleFile: null,
    localPath: null,
    isOfBazel: false,
    ...parts,
  };
}

interface Parts {
  readonly definitions?: readonly WorkspaceDefinition[];
  readonly toolchains?: readonly string[];
  readonly binds?: readonly string[];
  readonly files?: Files;
}

const BAZEL = [definition('bazel_tools', { isOfBazel: true }), definition('local_jdk', { isOfBazel: true })];

function workspace({ definitions = [], toolchains = [], binds = [] }: Parts): ReadWorkspace {
  return {
    definitions: new Map([...BAZEL, ...definitions].map((each) => [each.name, each])),
    registrations: [{ function: 'register_toolchains', patterns: toolchains, isForDevelopment: false }],
    binds,
  };
}

function fakeBazel(parts: Partial<Bazel> = {}): Bazel {
  return {
    workspace: temporary.join('ws'),
    externalFolder: () => Promise.resolve(temporary.join('external')),
    ...parts,
  } as unknown as Bazel;
}

async function externalsWith(parts: Parts): Promise<Externals> {
  writeFiles(temporary.path, { 'ws/WORKSPACE': '', ...parts.files });
  return externalsOfWorkspace(fakeBazel(), workspace(parts), ['', '__main__', 'shop']);
}

async function patternsWith(parts: Parts): Promise<unknown> {
  const { modules } = await externalsWith(parts);
  return [...modules.values()].flatMap(({ calls }) => calls?.registrations.flatMap((each) => each.patterns));
}

async function unreadWith(parts: Parts): Promise<string | null> {
  const { modules } = await externalsWith(parts);
  return [...modules.values()][0]?.calls?.unread ?? null;
}

describe('the repositories of a WORKSPACE file', () => {
  const definitions = [definition('one'), definition('rules_cc')];

  test('see all others and the main one, by their names', async () => {
    const { mapping, mappings } = await externalsWith({ definitions });
    const names = { bazel_tools: 'bazel_tools', local_jdk: 'local_jdk', one: 'one', rules_cc: 'rules_cc' };
    expect(mappings.get(canonical('one'))).toEqual(mappingOf({ ...names, __main__: '', shop: '' }));
    expect(mapping.get('')).toBe(MAIN);
    expect(mappings.get(canonical('rules_cc'))).toBe(mappings.get(canonical('one')));
  });

  test('that Bazel adds see only those that Bazel knows', async () => {
    const { mappings } = await externalsWith({ definitions });
    const names = { bazel_tools: 'bazel_tools', local_jdk: 'local_jdk', rules_cc: 'rules_cc' };
    expect(mappings.get(canonical('local_jdk'))).toEqual(mappingOf(names));
  });

  test('see beside modules what these let them see, and nothing else by such a name', () => {
    const printed = new Map([
      [MAIN, mappingOf({ '': '', one: 'one', two: 'two~' })],
      [canonical('one'), mappingOf({ '': '', main: '', two: 'two~' })],
      [canonical('two~'), mappingOf({ one: 'one~' })],
    ]);
    const read = besideModules(workspace({ definitions: [definition('one'), definition('two')] }));
    const mappings = withWorkspaceNames(read, printed);
    expect(mappings.get(canonical('one'))).toEqual(
      mappingOf({ local_jdk: 'local_jdk', one: 'one', main: '', two: 'two~' }),
    );
    expect(mappings.get(canonical('two~'))).toEqual(mappingOf({ one: 'one~' }));
    expect(read.definitions.has(canonical('bazel_tools'))).toBe(false);
  });

  test('read those whose names are words of their attributes', async () => {
    const call = 'made(\n  name = "two",\n  dependency = "one",\n  main = "@shop//:list.txt",\n)\n';
    const { repositories } = await externalsWith({
      definitions: [...definitions, definition('two', { call }), definition('three')],
    });
    expect(repositories.get(canonical('two'))).toMatchObject({ reads: ['one'], readsMain: true });
    expect(repositories.get(canonical('three'))).toMatchObject({ reads: [], readsMain: false });
  });

  test('may have changed with all code if that lets one call others by other names', async () => {
    const definitionWith = async (text: string): Promise<string | undefined> =>
      (await externalsWith({ definitions, files: { 'ws/WORKSPACE': text } })).repositories.get(
        canonical('one'),
      )?.definition;
    const renaming = 'x(name = "one", repo_mapping = {"@a": "@b"})\n';
    expect(await definitionWith(renaming)).not.toBe(await definitionWith(renaming.replace('@b', '@c')));
    expect(await definitionWith('x(name = "one")\n')).toBe(await definitionWith('x(name = "two")\n'));
  });

  test('may have changed if something else is bound, apart from those that Bazel adds', async () => {
    const [old, now] = [
      await externalsWith({ definitions, binds: ['bind(a)'] }),
      await externalsWith({ definitions, binds: ['bind(b)'] }),
    ];
    const isSame = (name: string): boolean =>
      old.repositories.get(canonical(name))?.definition === now.repositories.get(canonical(name))?.definition;
    expect(['one', 'local_jdk'].map(isSame)).toEqual([false, true]);
  });

  test('are not all there without one that every WORKSPACE file has', async () => {
    const none: ReadWorkspace = { definitions: new Map(), registrations: [], binds: [] };
    await expect(externalsOfWorkspace(fakeBazel(), none, [])).rejects.toThrow(QueryOutputError);
  });

  test('show other folders if options say so', async () => {
    const read = await readWorkspace(
      fakeBazel({
        workspaceFile: {
          definitions: () => Promise.resolve({ repositories: definitions, binds: [] }),
          registrations: () => Promise.resolve([]),
        } as unknown as Bazel['workspaceFile'],
        overriddenRepositories: () =>
          new Map([
            ['one', 'deps/one'],
            ['mod~', 'deps/mod'],
          ]),
      }),
    );
    expect([...(read?.definitions ?? [])].map(([name, { localPath }]) => [name, localPath])).toEqual([
      ['one', 'deps/one'],
      ['rules_cc', null],
    ]);
  });
});

describe('a pattern that the code of a WORKSPACE file registers', () => {
  const definitions = [definition('one')];
  const files: Files = {
    'ws/WORKSPACE': 'load("@one//:defs.bzl", "setup")\nload("@two//:defs.bzl", "other")\n',
    'external/one/defs.bzl': 'def setup():\n    native.register_toolchains("//tools:all")\n',
    'external/two/defs.bzl': 'def other():\n    native.register_toolchains("//x:all")\n',
  };

  test('without a repository is of one with code that registers, as far as such a package exists', async () => {
    const withPackage: Files = { ...files, 'external/one/tools/BUILD': '' };
    expect(await patternsWith({ definitions, files: withPackage, toolchains: ['//tools:all'] })).toEqual([
      '//tools:all',
      '@@one//tools:all',
    ]);
  });

  test('without a repository may be of each one if none has such a package', async () => {
    expect(await patternsWith({ definitions, files, toolchains: ['//none:all'] })).toEqual([
      '//none:all',
      '@@one//none:all',
      '@@two//none:all',
    ]);
    const own: Files = { ...files, 'ws/none/BUILD.bazel': '' };
    expect(await patternsWith({ definitions, files: own, toolchains: ['//none:all'] })).toEqual([
      '//none:all',
    ]);
  });

  test.each<[string, Files, boolean]>([
    ['of one repository', { 'external/one/tools/BUILD': '', 'external/two/BUILD': '' }, true],
    ['of one of two', { 'external/one/tools/BUILD': '', 'external/two/tools/BUILD': '' }, false],
    ['of another or the main one', { 'external/one/tools/BUILD': '', 'ws/tools/BUILD': '' }, false],
    ['of none', {}, false],
  ])(
    'tells with the code alone which repository registers it, unless it can be only that %s',
    async (_, more, isCertain) => {
      const toolchains = ['//tools:all'];
      const both = [
        { ...files, ...more },
        { ...files, ...more, 'external/two/defs.bzl': 'register_toolchains\n' },
      ];
      const [before, after] = [
        await unreadWith({ definitions, files: both[0] ?? {}, toolchains }),
        await unreadWith({ definitions, files: both[1] ?? {}, toolchains }),
      ];
      expect(before === null).toBe(isCertain);
      expect(before === after).toBe(isCertain);
    },
  );

  test('is also what the code may call so', async () => {
    const renaming: Files = { 'ws/WORKSPACE': 'x(name = "two", repo_mapping = {"@t": "@one"})\n' };
    expect(
      await patternsWith({ definitions, files: renaming, toolchains: ['@t//:all', '@u//:all'] }),
    ).toEqual(['@t//:all', '@@one//:all', '@u//:all']);
  });
});
