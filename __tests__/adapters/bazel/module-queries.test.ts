import { describe, expect, test } from '@jest/globals';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import { TextCommands } from '../../../src/adapters/bazel/text-commands.js';
import { ModuleQueries } from '../../../src/adapters/bazel/module-queries.js';
import type { QueryRc } from '../../../src/adapters/bazel/query-rc.js';
import type { BazelServer } from '../../../src/adapters/bazel/server.js';
import { ModuleOutputError } from '../../../src/formats/repository-definitions.js';
import { canonical, mappingOf } from '../../support/externals.js';

interface Situation {
  /** What `bazel mod` prints, by its command, for names of repositories. */
  readonly prints?: Readonly<Record<string, (names: readonly string[]) => string>>;
  readonly exitCode?: number;
  readonly queryOptions?: readonly string[];
}

/** Queries of a server that prints what a test wants, and the calls that it got. */
function queries({ prints = {}, exitCode = 0, queryOptions = [] }: Situation) {
  const calls: string[][] = [];
  const server = {
    call: (args: readonly string[]) => {
      calls.push([...args]);
      const [command = '', of = ''] = args;
      const stdout =
        command === 'help'
          ? '  --[no]allow_yanked\n  --registry\n  --lockfile_mode\n'
          : (prints[of]?.(args.slice(args.indexOf('--') + 1)) ?? '');
      return Promise.resolve({
        exitCode: command === 'help' ? 0 : exitCode,
        signal: null,
        stdout,
        stderr: 'said',
      });
    },
  } as unknown as BazelServer;
  const rc = {
    graphOptionsOfBuilds: (known: ReadonlySet<string>) => (known.has('registry') ? ['--registry=rc'] : []),
  } as unknown as QueryRc;
  return {
    calls,
    modules: new ModuleQueries(new TextCommands(server, rc, queryOptions, ['--lockfile_mode=off'], () => [])),
  };
}

const NAMES = Array.from({ length: 2500 }, (_, index) => canonical(`r${index}~`));

const MAPPINGS = {
  dump_repo_mapping: (names: readonly string[]) =>
    names.map((name) => `${JSON.stringify({ self: name })}\n`).join(''),
};

const DEFINITIONS = {
  show_repo: (names: readonly string[]) =>
    names.map((name) => `## ${name}:\nlocal_repository(\n  name = "x",\n)\n\n`).join(''),
};

describe('bazel mod', () => {
  test('is called with the options of builds and those of queries that it has, too, and keeps to the lock file', async () => {
    const graph = { graph: () => '{"key": "<root>", "dependencies": []}' };
    const { calls, modules } = queries({
      prints: graph,
      queryOptions: ['--registry=q', '--noallow_yanked', '--universe_scope=//x', '--keep_going'],
    });
    expect((await modules.graph()).root).toBe('<root>');
    expect(calls).toEqual([
      ['help', 'mod', '--short'],
      [
        'mod',
        'graph',
        '--registry=rc',
        '--registry=q',
        '--noallow_yanked',
        '--lockfile_mode=off',
        '--color=no',
        '--output=json',
        '--include_builtin',
        '--',
      ],
    ]);
  });

  test('is asked once for the options that it has', async () => {
    const { calls, modules } = queries({ prints: { ...MAPPINGS, ...DEFINITIONS } });
    await modules.mappings([canonical('a~')]);
    await modules.definitions([canonical('a~')]);
    expect(calls.map(([command, of]) => [command, of].join(' '))).toEqual([
      'help mod',
      'mod dump_repo_mapping',
      'mod show_repo',
    ]);
  });

  test('is an error with what it said if it fails', async () => {
    const { modules } = queries({ exitCode: 2 });
    await expect(modules.graph()).rejects.toThrow(BazelError);
    await expect(modules.graph()).rejects.toThrow(/^said\n\nasking bazel mod graph failed: .*exit code 2/);
  });
});

describe('many repositories', () => {
  test('are asked for in several calls, each of which answers for its own', async () => {
    const { calls, modules } = queries({ prints: MAPPINGS });
    const found = await modules.mappings(NAMES);
    expect(calls.filter(([command]) => command === 'mod')).toHaveLength(3);
    expect([...found.keys()]).toEqual(NAMES);
    expect(found.get(canonical('r2400~'))).toEqual(mappingOf({ self: 'r2400~' }));
  });

  test('have their definitions, and the main one has none', async () => {
    const { calls, modules } = queries({ prints: DEFINITIONS });
    const found = await modules.definitions([canonical(''), ...NAMES]);
    expect([...found.keys()]).toEqual(NAMES);
    expect(calls.flat()).not.toContain('@@');
  });
});

describe('an answer that lacks a repository is an error', () => {
  test('among mappings, because the others would get a wrong one', async () => {
    const { modules } = queries({ prints: { dump_repo_mapping: () => '{"self": "a~"}\n' } });
    await expect(modules.mappings([canonical('a~'), canonical('b~')])).rejects.toThrow(
      'bazel mod dump_repo_mapping printed 1 mappings for 2 repositories',
    );
  });

  test('among definitions, because it would never count as changed', async () => {
    const { modules } = queries({ prints: { show_repo: () => DEFINITIONS.show_repo(['@@a~']) } });
    await expect(modules.definitions([canonical('a~'), canonical('b~')])).rejects.toThrow(ModuleOutputError);
    await expect(modules.definitions([canonical('b~')])).rejects.toThrow('printed nothing about @@b~');
  });
});
