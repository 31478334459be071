/**
 * Small changes with their correct answers (cases/*.json). The bundled command line plans each of them with the real Bazel, in
 * a repository of its own.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { FileContent, Files as HistoryFiles } from '../__tests__/support/files.js';
import { TemporaryFolder } from '../__tests__/support/temporary-folder.js';
import { TestRepository } from '../__tests__/support/test-repository.js';
import { findBazel } from '../scripts/find-bazel.mjs';

/** One case. In its texts, `$ROOT` is its workspace, `$DIR` the folder that contains it, and `$BAZEL` the real Bazel. */
interface Case {
  readonly id: string;
  readonly why: string;
  /** Text at the base, by path. */
  readonly files: Files;
  readonly exec?: readonly string[];
  readonly links?: Readonly<Record<string, string>>;
  /** New text at the head, by path; null deletes the file. */
  readonly edit?: Files;
  readonly edit_exec?: readonly string[];
  readonly edit_links?: Readonly<Record<string, string>>;
  /** Text of programs beside the workspace, by name. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Options of the command line. */
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** The tests of the plan, all of them. */
  readonly test?: readonly string[];
  readonly test_has?: readonly string[];
  readonly test_lacks?: readonly string[];
  readonly affected_has?: readonly string[];
  readonly affected_lacks?: readonly string[];
  readonly everything?: boolean;
  readonly excluded_has?: readonly string[];
  readonly legs_lack?: readonly string[];
  /** If it is there, the plan fails with an error that matches it. */
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

let temporary: TemporaryFolder;
let history: TestRepository;

beforeEach(() => {
  temporary = new TemporaryFolder();
  history = TestRepository.create(temporary.join('ws'));
});

afterEach(() => {
  temporary.remove();
});

describe.each(readdirSync(CASES).filter((name) => name.endsWith('.json')))('%s', (file) => {
  const cases = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as readonly Case[];
  test.each(cases.map((each) => [each.id, each.why, each] as const))('%s: %s', (_id, _why, each) => {
    history.commit(contentOf({ ...COMMON, ...each.files }, each.exec, each.links));
    history.commit(contentOf(each.edit ?? {}, each.edit_exec, each.edit_links));
    for (const [name, text] of Object.entries(each.programs ?? {}))
      writeFileSync(temporary.join(name), text.replaceAll('$BAZEL', findBazel()), { mode: 0o755 });

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
  const placed = (text: string): string =>
    text.replaceAll('$ROOT', history.folder).replaceAll('$DIR', temporary.path);
  return spawnSync(
    process.execPath,
    [CLI, 'plan', '--base', 'HEAD~1', '--head', 'HEAD', '--json', ...options.map(placed)],
    {
      cwd: history.folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        BAZEL: findBazel(),
        XDG_CACHE_HOME: temporary.join('cache'),
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, placed(value)])),
      },
    },
  );
}

/** Reads a pattern in the syntax of Python. */
function patternOf(text: string): RegExp {
  return text.startsWith('(?i)') ? new RegExp(text.slice('(?i)'.length), 'i') : new RegExp(text);
}

/** The files of a case in the form that a history takes. */
function contentOf(
  files: Files,
  executable: readonly string[] = [],
  links: NonNullable<Case['links']> = {},
): HistoryFiles {
  const written = Object.entries(files).map(([path, text]): [string, FileContent] => {
    if (text === null) return [path, null];
    const isRcWithout = path === '.bazelrc' && !text.includes('lockfile_mode');
    const whole = isRcWithout ? NO_LOCK_FILE + text : text;
    return [path, executable.includes(path) || path.endsWith('.sh') ? { script: whole } : whole];
  });
  const linked = Object.entries(links).map(([path, target]): [string, FileContent] => [
    path,
    { link: target.replaceAll('$ROOT', history.folder) },
  ]);
  return Object.fromEntries([...written, ...linked]);
}
