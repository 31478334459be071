/**
 * Small changes with their right answers (cases/*.json), each in a repository of its own, planned by the bundled command
 * line and the real Bazel.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findBazel } from '../scripts/find-bazel.mjs';

/** What a case says; `$ROOT` is its workspace, `$DIR` the folder around it, `$BAZEL` the real Bazel. */
interface Case {
  readonly id: string;
  readonly why: string;
  /** Path → text at the base. */
  readonly files: Files;
  readonly exec?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  /** Path → new text; null deletes. */
  readonly edit?: Files;
  readonly edit_exec?: readonly string[];
  readonly edit_links?: Readonly<Record<string, string>>;
  /** Programs beside the workspace, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Of the command line. */
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Exactly what is tested. */
  readonly test?: readonly string[];
  readonly test_has?: readonly string[];
  readonly test_lacks?: readonly string[];
  readonly affected_has?: readonly string[];
  readonly affected_lacks?: readonly string[];
  readonly everything?: boolean;
  readonly excluded_has?: readonly string[];
  readonly legs_lack?: readonly string[];
  /** The plan ends with an error that matches this. */
  readonly fails?: string;
}

type Files = Readonly<Record<string, string | null>>;

interface PlanFile {
  readonly test: readonly string[];
  readonly affected: readonly { readonly label: string }[];
  readonly excluded: readonly { readonly label: string }[];
  readonly legs: readonly { readonly targets: readonly string[] }[];
  readonly everything: { readonly reason: string } | null;
}

const CLI = resolve(import.meta.dirname, '../dist/cli/index.js');
const CASES = join(import.meta.dirname, 'cases');
const NO_LOCK_FILE = 'common --lockfile_mode=off\n';
const COMMON: Files = {
  'MODULE.bazel': 'module(name = "main")\n',
  '.bazelrc': NO_LOCK_FILE,
  '.gitignore': '/bazel-*\n',
};

let folder: string;
let workspace: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'case-')));
  workspace = join(folder, 'ws');
  mkdirSync(workspace);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe.each(readdirSync(CASES).filter((name) => name.endsWith('.json')))('%s', (file) => {
  const cases = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as readonly Case[];
  test.each(cases.map((each) => [each.id, each.why, each] as const))('%s: %s', (_id, _why, each) => {
    git('init', '--quiet', '--initial-branch=main');
    write({ ...COMMON, ...each.files }, each.exec, each.links);
    commit('base');
    write(each.edit ?? {}, each.edit_exec, each.edit_links);
    commit('head');
    for (const [name, text] of Object.entries(each.programs ?? {}))
      writeFileSync(join(folder, name), text.replaceAll('$BAZEL', findBazel()), { mode: 0o755 });

    const { status, stdout, stderr } = planned(each);
    if (each.fails !== undefined) {
      expect(stderr).toMatch(patternOf(each.fails));
      expect(stderr).not.toMatch(/^ +at /m);
      expect(status).not.toBe(0);
      return;
    }
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expectPlan(JSON.parse(stdout) as PlanFile, each);
  });
});

function expectPlan(plan: PlanFile, each: Case): void {
  const affected = plan.affected.map(({ label }) => label);
  const targets = plan.legs.flatMap((leg) => leg.targets);
  if (each.test !== undefined) expect([...plan.test].sort()).toEqual([...each.test].sort());
  expect(plan.test).toEqual(expect.arrayContaining([...(each.test_has ?? [])]));
  expect(affected).toEqual(expect.arrayContaining([...(each.affected_has ?? [])]));
  for (const label of each.test_lacks ?? []) expect(plan.test).not.toContain(label);
  for (const label of each.affected_lacks ?? []) expect(affected).not.toContain(label);
  for (const label of each.legs_lack ?? []) expect(targets).not.toContain(label);
  expect(plan.excluded.map(({ label }) => label)).toEqual(
    expect.arrayContaining([...(each.excluded_has ?? [])]),
  );
  if (each.everything === true) expect(plan.everything).not.toBeNull();
  if (each.everything === false) expect(plan.everything).toBeNull();
}

function planned({ options = [], env = {} }: Case): {
  status: number | null;
  stdout: string;
  stderr: string;
} {
  const placed = (text: string): string => text.replaceAll('$ROOT', workspace).replaceAll('$DIR', folder);
  return spawnSync(
    process.execPath,
    [CLI, 'plan', '--base', 'HEAD~1', '--head', 'HEAD', '--json', ...options.map(placed)],
    {
      cwd: workspace,
      encoding: 'utf8',
      env: {
        ...process.env,
        BAZEL: findBazel(),
        XDG_CACHE_HOME: join(folder, 'cache'),
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, placed(value)])),
      },
    },
  );
}

/** A pattern as Python writes it. */
function patternOf(text: string): RegExp {
  return text.startsWith('(?i)') ? new RegExp(text.slice('(?i)'.length), 'i') : new RegExp(text);
}

function write(files: Files, executable: readonly string[] = [], links: Case['links'] = {}): void {
  for (const [path, given] of Object.entries(files)) {
    const file = join(workspace, path);
    if (given === null || lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() === true) rmSync(file);
    if (given === null) continue;
    const isRcWithout = path === '.bazelrc' && !given.includes('lockfile_mode');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, isRcWithout ? NO_LOCK_FILE + given : given);
    if (executable.includes(path) || path.endsWith('.sh')) chmodSync(file, 0o755);
  }
  for (const [path, target] of Object.entries(links)) {
    const file = join(workspace, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    symlinkSync(target.replaceAll('$ROOT', workspace), file);
  }
}

function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', `--message=${message}`);
}

function git(...args: string[]): void {
  const identity = {
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  execFileSync('git', args, { cwd: workspace, env: { ...process.env, ...identity } });
}
