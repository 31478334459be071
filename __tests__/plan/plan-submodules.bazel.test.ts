import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PlanInputName } from '../../src/plan/plan-inputs.js';
import { plannedWorkspace } from '../support/planned-workspace.js';
import { TestRepository } from '../support/test-repository.js';

const the = plannedWorkspace({
  'MODULE.bazel': 'module(name = "sample")\n',
  '.bazelrc': 'common --lockfile_mode=off\n',
  'other/BUILD': 'sh_test(name = "other_test", srcs = ["test.sh"])\n',
  'other/test.sh': { script: '#!/bin/sh\ntrue\n' },
});

const OTHER = '//other:other_test';
const INSIDE = '//sub/lib:lib_test';

/** What is a submodule of the workspace, with one commit. */
let library: TestRepository;

beforeEach(() => {
  library = TestRepository.create().write({
    'lib/BUILD': 'sh_test(name = "lib_test", srcs = ["lib_test.sh"])\n',
    'lib/lib_test.sh': { script: '#!/bin/sh\ntrue\n' },
  });
  library.commit();
});

afterEach(() => {
  library.remove();
});

/** A workspace whose submodule is checked out. @returns its commit */
function withSubmodule(): string {
  const { repository } = the;
  repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library.folder, 'sub');
  return repository.commit();
}

/** Takes the files of a submodule away, as a checkout without submodules never has them. */
function withoutFiles(path: string): void {
  rmSync(join(the.repository.folder, path), { recursive: true });
  mkdirSync(join(the.repository.folder, path));
}

/** Brings the submodule to another commit, in which its test differs. */
function moveSubmodule(): void {
  library.write({ 'lib/lib_test.sh': { script: '#!/bin/sh\nfalse\n' } });
  const commit = library.commit();
  the.repository.git('-C', 'sub', 'fetch', '--quiet', 'origin');
  the.repository.git('-C', 'sub', 'checkout', '--quiet', commit);
}

async function planFrom(base: string, inputs: Partial<Record<PlanInputName, string>> = {}) {
  const { plan } = await the.planner.plan(the.repository, base, inputs);
  return { reason: plan.everything?.reason ?? null, test: plan.test };
}

describe('a submodule at another commit', () => {
  test('that is checked out affects what lies in it', async () => {
    const base = withSubmodule();
    moveSubmodule();
    the.repository.commit();
    expect(await planFrom(base)).toEqual({ reason: null, test: [INSIDE] });
  });

  test('that is not checked out affects everything, unless it is ignored', async () => {
    const base = withSubmodule();
    moveSubmodule();
    the.repository.commit();
    withoutFiles('sub');
    expect(await planFrom(base)).toEqual({
      reason: 'sub changed: this submodule is not checked out, so its files are not known',
      test: [OTHER],
    });
    expect(await planFrom(base, { ignore: 'sub' })).toEqual({ reason: null, test: [] });
  });

  test('whose own submodule is not checked out affects everything', async () => {
    const inner = TestRepository.create().write({ 'x.txt': '1' });
    inner.commit();
    library.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.folder, 'inner');
    library.commit();
    const base = withSubmodule();
    moveSubmodule();
    the.repository.commit();
    expect((await planFrom(base)).reason).toContain('sub changed: this submodule is not checked out');
    inner.remove();
  });
});

test('a submodule that is gone affects everything: what was in it is not seen any more', async () => {
  const base = withSubmodule();
  the.repository.git('rm', '--quiet', '-f', 'sub');
  the.repository.commit();
  expect(await planFrom(base)).toEqual({
    reason: 'sub changed: it is not a submodule any more, so the files that it contained are unknown',
    test: [OTHER],
  });
});
