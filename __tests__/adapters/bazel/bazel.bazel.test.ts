import type { BazelOptions } from '../../../src/adapters/bazel/server.js';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { Graph } from '../../../src/graph/graph.js';
import { inputsOf } from '../../../src/graph/target.js';
import { label, workspacePath } from '../../support/builders.js';
import { writeFiles } from '../../support/files.js';
import { findBazel } from '../../support/find-bazel.js';
import { writeBazelWithoutOptions } from '../../support/older-bazel.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let workspace: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  workspace = temporary.join('workspace');
});

afterAll(() => {
  temporary.remove();
});

function write(path: string, text: string): string {
  const file = join(workspace, path);
  writeFiles(workspace, { [path]: text });
  return file;
}

function bazelWith(options: Partial<BazelOptions> = {}, name = 'private'): Bazel {
  const privateFolder = temporary.join(name);
  mkdirSync(privateFolder, { recursive: true });
  return new Bazel(
    { command: findBazel(), startupOptions: [], queryOptions: [], ...options },
    workspace,
    privateFolder,
    'ours',
  );
}

describe('the real Bazel', () => {
  let bazel: Bazel;

  beforeAll(() => {
    write('MODULE.bazel', 'module(name = "w")\n');
    write(
      'tools/rules.bzl',
      'def _impl(ctx): return []\n' +
        'with_tool = rule(implementation = _impl, attrs = {"_tool": attr.label(default = "//tools:tool", cfg = "exec")})\n',
    );
    write('tools/BUILD', 'filegroup(name = "tool", visibility = ["//visibility:public"])\n');
    write(
      'a b/BUILD.bazel',
      'load("//tools:rules.bzl", "with_tool")\nwith_tool(name = "r")\nexports_files(["it\'s", "ü+=@.txt"])\n',
    );
    // What people write for the queries that they read; each line would take edges or targets out of the graph.
    write(
      '.bazelrc',
      'query --noimplicit_deps --notool_deps --nonodep_deps --aspect_deps=off\n' +
        'query --keep_going --universe_scope=//tools/... --noproto:rule_inputs_and_outputs --output=label\n',
    );
    bazel = bazelWith({ queryOptions: ['--noimplicit_deps'] });
  });

  afterAll(() => {
    bazel.stop();
  });

  test('prints the whole graph, whatever an rc file leaves out of queries', async () => {
    const graph = Graph.of(await bazel.queryAll());
    const target = graph.get(label('//a b:r'));
    expect(target === undefined ? [] : inputsOf(target)).toContain('//tools:tool');
    expect(graph.packagePaths).toEqual(new Set(['a b', 'tools']));
    expect(graph.has(label('//a b:ü+=@.txt'))).toBe(true);
    expect(graph.has(label("//a b:it's"))).toBe(true);
  });

  test('prints the targets of the packages that are asked for', async () => {
    const graph = Graph.of(await bazel.queryPackages(['a b'].map(workspacePath)));
    expect(graph.packagePaths).toEqual(new Set(['a b']));
    expect(await bazel.queryPackages([])).toEqual([]);
  });

  test('says of packages by their names whether they exist', async () => {
    const { found, said } = await bazel.existing(['a b', 'none', 'tools'].map(workspacePath));
    expect(found).toEqual(new Set(['a b', 'tools']));
    expect(said).toContain("no such package 'none'");
    expect((await bazel.existing(['none'].map(workspacePath))).found).toEqual(new Set());
  });

  test('shows packages that an rc file hides from queries alone', async () => {
    const file = write('home.bazelrc', 'query --deleted_packages=tools\n');
    const hiding = bazelWith({ startupOptions: [`--bazelrc=${file}`] }, 'hiding');
    try {
      expect(Graph.of(await hiding.queryAll()).packagePaths).toContain('tools');
      expect(hiding.deletedPackages()).toEqual(new Set());
    } finally {
      hiding.stop();
    }
  });

  test.each([
    ['before 7.5, and 8.0 and 8.1', ['output_file']],
    ['older ones', ['output_file', 'build_event_json_file', 'ui_event_filters']],
  ])('prints the same graph as versions that lack options: %s', async (_, options) => {
    const command = writeBazelWithoutOptions(temporary.join('older-bazel'), findBazel(), options);
    const older = bazelWith({ command }, 'older');
    const asked = ['query', ...options.map((option) => `--${option}=/dev/null`), '//tools'];
    expect(spawnSync(command, asked, { cwd: workspace }).status).toBe(2);
    try {
      const labels = (targets: readonly { label: string }[]) => targets.map((target) => target.label).sort();
      expect(labels(await older.queryAll())).toEqual(labels(await bazel.queryAll()));
      expect((await older.existing(['none', 'tools'].map(workspacePath))).found).toEqual(new Set(['tools']));
      const file = write('broken/BUILD', 'nonsense(\n');
      await expect(older.queryAll()).rejects.toThrow('broken/BUILD');
      rmSync(dirname(file), { recursive: true });
    } finally {
      older.stop();
    }
  });

  test('fails with its own words, whole and first, where one package of many does not load', async () => {
    const file = write('broken/BUILD', 'nonsense(\n');
    try {
      await expect(bazel.queryAll()).rejects.toThrow(BazelError);
      await expect(bazel.queryAll()).rejects.toThrow(
        /^[\s\S]*broken\/BUILD[\s\S]*\n\nloading all packages failed: Bazel ended with exit code \d+/,
      );
    } finally {
      rmSync(dirname(file), { recursive: true });
    }
  });

  test('leaves nothing in its private folder once it is stopped', () => {
    bazel.stop();
    expect(existsSync(temporary.join('private/output-base'))).toBe(false);
  });
});
