import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlanInputs } from '../../src/plan/plan-inputs.js';
import { planIn, type PlannedIn } from '../../src/plan/plan-in.js';
import { revisionsOfWorkingTree } from '../../src/plan/revisions.js';
import { findBazel } from '../support/find-bazel.js';
import { MemoryRecords } from '../support/memory-records.js';
import { MemoryStore } from '../support/memory-store.js';
import type { PlanStores } from '../../src/plan/plan-stores.js';
import type { Files } from '../support/files.js';
import { TestRepository } from '../support/test-repository.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const HOOKS = join(import.meta.dirname, '../support/typescript-files.mjs');
const CLI = join(import.meta.dirname, '../../src/entry/cli.ts');

let temporary: TemporaryFolder;
let room: string;
let repository: TestRepository;

beforeEach(() => {
  temporary = new TemporaryFolder();
  room = temporary.path;
  repository = TestRepository.create();
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

describe('a workspace in a subfolder', () => {
  const WORKSPACE: Files = {
    LICENSE: 'free\n',
    'ws/MODULE.bazel': '',
    'ws/.bazelrc': 'common --lockfile_mode=off\n',
    'ws/BUILD': 'filegroup(name = "all", srcs = glob(["*"]))\n',
    'ws/LICENSE': { link: '../LICENSE' },
    'ws/a/BUILD': '',
  };

  async function plan(base: string, store: MemoryStore): Promise<PlannedIn['plan']> {
    return (await planned(base, store)).plan;
  }

  async function planned(base: string, store: MemoryStore): Promise<PlannedIn> {
    const values: Readonly<Record<string, string>> = { base, workspace: 'ws', bazel: findBazel() };
    const inputs = parsePlanInputs((name) => values[name] ?? '');
    return planIn(join(repository.folder, 'ws'), inputs, storesOf(store), (repositories) =>
      revisionsOfWorkingTree(inputs, repositories),
    );
  }

  test('has snapshots where a symlink leads to a file beside it, and sees that file change', async () => {
    const store = MemoryStore.empty();
    const base = repository.write(WORKSPACE).commit();
    repository.write({ LICENSE: 'freer\n' });
    const first = await plan(base, store);
    expect(Object.values(first.timings.graphs)).toEqual([
      'full query (there is no snapshot yet)',
      'snapshot (the loading inputs are those of the base)',
    ]);
    expect(first.affected.map((target) => target.label)).toEqual(['//:LICENSE', '//:all']);
    expect(Object.values((await plan(base, store)).timings.graphs)[0]).toBe('snapshot');

    // A link that leads nowhere is no file to a glob.
    repository.write({ LICENSE: null });
    const last = await plan(base, store);
    expect(last.timings.graphs.head).toBe('full query (LICENSE changed: it may reach every package)');
    expect(last.affected.map((target) => target.label)).toContain('//:all');
  });

  test('is planned without snapshots where one turns out to hold nonsense', async () => {
    const store = MemoryStore.empty();
    const base = repository.write(WORKSPACE).commit();
    repository.write({ LICENSE: 'freer\n' });
    const first = await plan(base, store);
    const damaged = store.withDamagedPackages();
    const { plan: again, context } = await planned(base, damaged);
    expect(again.affected).toEqual(first.affected);
    expect(Object.values(again.timings.graphs)).toEqual(Object.values(first.timings.graphs));
    expect(context.notices).toEqual([expect.stringContaining('because a snapshot is damaged: in //')]);
    const healed = await planned(base, damaged);
    expect(healed.plan.affected).toEqual(first.affected);
    expect(healed.context.notices).toEqual([]);
  });
});

test('a package with a target named all-targets is queried whole', async () => {
  const store = MemoryStore.empty();
  const values: Readonly<Record<string, string>> = { bazel: findBazel(), base: 'HEAD' };
  const inputs = parsePlanInputs((name) => values[name] ?? '');
  const plan = (snapshots: MemoryStore | null): Promise<PlannedIn> =>
    planIn(repository.folder, inputs, snapshots === null ? null : storesOf(snapshots), (repositories) =>
      revisionsOfWorkingTree(inputs, repositories),
    );
  const buildFile = (args: string): string =>
    `sh_test(name = "x", srcs = ["x.sh"], args = ["${args}"])\nfilegroup(name = "all-targets")\n`;
  repository.write({
    'MODULE.bazel': '',
    '.bazelrc': 'common --lockfile_mode=off\n',
    'a/BUILD': buildFile('1'),
    'a/x.sh': { script: 'true' },
    ...Object.fromEntries(['b', 'c', 'd'].map((name) => [`${name}/BUILD`, ''])),
  });
  repository.commit();
  repository.write({ 'b/BUILD': '# changed\n' });
  await plan(store);
  repository.write({ 'a/BUILD': buildFile('2') });
  const { plan: patched } = await plan(store);
  expect(patched.test).toEqual((await plan(null)).plan.test);
  expect(patched.test).toEqual(['//a:x']);
  expect(patched.timings.graphs.head).toBe('full query (a query of a is incomplete)');
});

test('an answer that is not whole ends the plan, and leaves no snapshot for the next one', async () => {
  const store = MemoryStore.empty();
  const base = repository
    .write({
      'MODULE.bazel': '',
      '.bazelrc': 'common --lockfile_mode=off\n',
      'a/BUILD': 'sh_test(name = "x", srcs = ["x.sh"])\n',
      'a/x.sh': { script: 'true' },
    })
    .commit();
  repository.write({ 'a/x.sh': { script: 'true true' } });
  const plan = (bazel: string): Promise<PlannedIn> => {
    const values: Readonly<Record<string, string>> = { bazel, base };
    const inputs = parsePlanInputs((name) => values[name] ?? '');
    return planIn(repository.folder, inputs, storesOf(store), (repositories) =>
      revisionsOfWorkingTree(inputs, repositories),
    );
  };
  const silent = join(room, 'silent');
  const script = `#!/bin/sh\ncase $1 in --version) exec '${findBazel()}' "$@" ;; esac\n'${findBazel()}' "$@" >/dev/null\n`;
  writeFileSync(silent, script, { mode: 0o755 });
  await expect(plan(silent)).rejects.toThrow("Bazel's answer is incomplete: it lacks the package //a");
  expect(store.fingerprints).toEqual([]);
  expect((await plan(findBazel())).plan.test).toEqual(['//a:x']);
});

interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Plans with the command line, in a process of its own. */
async function planHere(base: string): Promise<Ended> {
  const child = spawn(
    process.execPath,
    [
      '--experimental-transform-types',
      '--disable-warning=ExperimentalWarning',
      `--import=${HOOKS}`,
      CLI,
    ].concat('plan', '--json', '--base', base, '--bazel', findBazel()),
    {
      cwd: repository.folder,
      env: { ...process.env, XDG_CACHE_HOME: room },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const chunks: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk: Buffer) => (chunks[name] += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, ...chunks };
}

test('several plans of one repository at once all come, and leave whole snapshots', async () => {
  const base = repository
    .write({
      'MODULE.bazel': '',
      '.bazelrc': 'common --lockfile_mode=off\n',
      'a/BUILD': 'sh_test(name = "a_test", srcs = ["test.sh"])\n',
      'a/test.sh': { script: '#!/bin/sh\n' },
      'b/BUILD': '',
    })
    .commit();
  repository.write({ 'b/BUILD': 'sh_test(name = "b_test", srcs = ["//a:test.sh"])\n' });
  const ended = await Promise.all([planHere(base), planHere(base), planHere(base)]);
  for (const { exitCode, stdout, stderr } of ended) {
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect((JSON.parse(stdout) as { test: string[] }).test).toEqual(['//b:b_test']);
  }
  const [folder = ''] = readdirSync(join(room, 'bazel-affected'));
  const kept = readdirSync(join(room, 'bazel-affected', folder));
  expect(kept).toHaveLength(2);
  expect(kept.every((name) => name.endsWith('.snapshot'))).toBe(true);

  const { stdout, stderr } = await planHere(base);
  expect(stderr).toBe('');
  expect((JSON.parse(stdout) as { timings: { graphs: object } }).timings.graphs).toEqual({
    base: 'snapshot',
    head: 'snapshot',
  });
});

function storesOf(snapshots: MemoryStore): PlanStores {
  return { snapshots, records: new MemoryRecords(), answers: null };
}
