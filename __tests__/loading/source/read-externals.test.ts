import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import type { ModuleGraph } from '../../../src/formats/module-graph.js';
import type { RepositoryDefinition } from '../../../src/formats/repository-definitions.js';
import type { CanonicalName, RepositoryMapping } from '../../../src/graph/repository.js';
import { readExternals, withFetchedModules } from '../../../src/loading/source/read-externals.js';
import { canonical, mappingOf } from '../../support/externals.js';
import { writeFiles } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

const MAPPINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': { '': '', pip: '_main~pip~pip', rules: 'rules~' },
  '_main~pip~pip': { '': '', pip: '_main~pip~pip', one: '_main~pip~one', rules: 'rules~' },
  'rules~': { rules: 'rules~', lib: 'lib~' },
  'lib~': { lib: 'lib~' },
};

const GRAPH: ModuleGraph = {
  root: '<root>',
  dependencies: new Map([
    ['<root>', [{ key: 'rules@1.0', apparentName: 'rules' }]],
    ['rules@1.0', [{ key: 'lib@2.0', apparentName: 'lib' }]],
    ['lib@2.0', []],
  ]),
};

/** A Bazel that knows the repositories above; `asked` lists those whose mappings were asked for. */
function fakeBazel(asked: string[], fetch: () => void = () => undefined): Bazel {
  return {
    workspace: temporary.join('ws'),
    externalFolder: () => Promise.resolve(temporary.join('external')),
    targetsMatching: () => {
      fetch();
      return Promise.resolve([]);
    },
    modules: {
      graph: () => Promise.resolve(GRAPH),
      mappings: (names: readonly CanonicalName[]) => {
        asked.push(...names);
        return Promise.resolve(
          new Map<CanonicalName, RepositoryMapping>(
            names.map((name) => [name, mappingOf(MAPPINGS[name] ?? {})]),
          ),
        );
      },
      definitions: (names: readonly CanonicalName[]) =>
        Promise.resolve(
          new Map<CanonicalName, RepositoryDefinition>(
            names
              .filter((name) => name !== '')
              .map((name) => [
                name,
                { name, call: `r(\n  name = "${name}",\n)`, ruleFile: null, localPath: null },
              ]),
          ),
        ),
    },
  } as unknown as Bazel;
}

describe('the external repositories of a workspace', () => {
  test('are all that can be seen from the main one, and one of each extension is asked for what it sees', async () => {
    const asked: string[] = [];
    const { repositories, mappings } = await readExternals(fakeBazel(asked), ['']);
    expect([...repositories.keys()].sort()).toEqual(['_main~pip~one', '_main~pip~pip', 'lib~', 'rules~']);
    expect(asked.sort()).toEqual(['', '_main~pip~pip', 'lib~', 'rules~']);
    expect(mappings.get(canonical('_main~pip~one'))).toBe(mappings.get(canonical('_main~pip~pip')));
  });

  test('have modules with what their files register, or nothing known without a file', async () => {
    writeFiles(temporary.path, { 'external/rules~/MODULE.bazel': 'register_toolchains("//:all")\n' });
    const { modules } = await readExternals(fakeBazel([]), ['bazel_dep(name = "rules")\n']);
    expect(
      [...modules.values()].map(({ name, repository, dependencies }) => [name, repository, dependencies]),
    ).toEqual([
      ['', '', ['rules']],
      ['rules', 'rules~', ['lib']],
      ['lib', 'lib~', []],
    ]);
    expect(modules.get('rules')?.calls?.registrations).toContainEqual(
      expect.objectContaining({ function: 'register_toolchains', patterns: ['//:all'] }),
    );
    expect(modules.get('lib')?.calls).toBeNull();
  });

  test('of which a module is fetched, know then what it registers', async () => {
    const bazel = fakeBazel([], () => {
      writeFiles(temporary.path, { 'external/lib~/MODULE.bazel': 'module(name = "lib")\n' });
    });
    const { modules } = await withFetchedModules(bazel, await readExternals(bazel, ['']), [
      canonical('lib~'),
    ]);
    expect(modules.get('lib')?.calls).not.toBeNull();
    expect(modules.get('rules')?.calls).toBeNull();
  });
});
