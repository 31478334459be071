import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PackagePath } from '../../../src/graph/label.js';
import { BazelError } from '../../../src/adapters/bazel/bazel-error.js';
import { BazelStartError } from '../../../src/adapters/bazel/start-error.js';
import { Bazel, isWorkspace } from '../../../src/adapters/bazel/bazel.js';
import type { BazelOptions } from '../../../src/adapters/bazel/server.js';
import { QueryOutputError } from '../../../src/formats/query-proto.js';
import { labels } from '../../support/builders.js';
import { canonical } from '../../support/externals.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let folder: string;
let workspace: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  workspace = join(folder, 'workspace');
});

afterAll(() => {
  temporary.remove();
});

function write(path: string, text: string): string {
  const file = join(workspace, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function bazelWith(options: Pick<BazelOptions, 'command'>, name = 'private'): Bazel {
  const privateFolder = join(folder, name);
  mkdirSync(privateFolder, { recursive: true });
  return new Bazel({ startupOptions: [], queryOptions: [], ...options }, workspace, privateFolder, 'ours');
}

/** A command that answers like Bazel, for what the real one cannot be brought to do. */
function pretender(script: string): string {
  const command = write('pretender', `#!/bin/sh\n${script}\n`);
  chmodSync(command, 0o755);
  return command;
}

describe('a Bazel that is none', () => {
  test('is named where it cannot be started, with what to do', async () => {
    const bazel = bazelWith({ command: 'no-such-bazel' }, 'missing');
    await expect(bazel.queryAll()).rejects.toThrow(BazelStartError);
    await expect(bazel.queryAll()).rejects.toThrow(
      /^Bazel could not be started as "no-such-bazel" in .* Install bazelisk/,
    );
    bazel.stop();
  });

  test('is not started for a package that no query can name', async () => {
    const bazel = bazelWith({ command: 'no-such-bazel' }, 'unnamed');
    const packages = ['a', `b'"`] as PackagePath[];
    const message =
      /^l.* failed: a query cannot name the package \/\/b'", which has both kinds of quotes in its name\.$/;
    for (const asked of [() => bazel.queryPackages(packages), () => bazel.existing(packages)]) {
      await expect(asked()).rejects.toThrow(BazelError);
      await expect(asked()).rejects.toThrow(message);
    }
    bazel.stop();
  });

  test('is an error where its output ends in the middle of a target', async () => {
    const bazel = bazelWith({ command: pretender("printf '\\020abc'") }, 'short');
    await expect(bazel.queryAll()).rejects.toThrow(QueryOutputError);
  });

  test('is an error where it fails, also after it printed targets', async () => {
    const script = `[ "$1" = --version ] && echo bazel 7.7.1 && exit 0\nprintf '\\002\\010\\006'; echo partly >&2; exit 3`;
    await expect(bazelWith({ command: pretender(script) }, 'partly').queryAll()).rejects.toThrow(
      /^partly\n\n.*code 3/,
    );
  });

  test('is told to have been killed where a signal ended it', async () => {
    const script = `case "$*" in *--query_file*) kill -9 $$ ;; esac`;
    await expect(bazelWith({ command: pretender(script) }, 'killed').queryAll()).rejects.toThrow(
      'loading all packages failed: Bazel was killed by SIGKILL; most likely the machine ran out of memory',
    );
  });

  test('is told to have failed where only it says so, and a wrapper does not', async () => {
    const finished = (exitCode: string): string =>
      `case "$*" in help*|*' help '*) echo --build_event_json_file; exit ;; esac
for word; do case $word in --build_event_json_file=*) file=\${word#*=} ;; esac; done
[ -z "$file" ] || echo '{"id":{"buildFinished":{}},"finished":{"exitCode":${exitCode}}}' > "$file"`;
    const answer = (exitCode: string): Promise<unknown> =>
      bazelWith({ command: pretender(finished(exitCode)) }, 'hidden').queryAll();
    expect(await answer('{"name":"SUCCESS"}')).toEqual([]);
    await expect(answer('{"name":"ANALYSIS_FAILURE","code":7}')).rejects.toThrow('exit code 7: targets or');
    await expect(answer('')).rejects.toThrow('Bazel did not finish');
  });

  test('that is a Bazelisk which cannot download says so at once', async () => {
    const script = `echo 'could not download Bazel' >&2; exit 1`;
    const bazel = bazelWith({ command: pretender(script) }, 'bazelisk');
    await expect(bazel.versionText()).rejects.toThrow(
      'could not download Bazel\n\nasking Bazel for its version failed: the program that starts Bazel ended with exit code 1',
    );
  });

  test('is told to be too old, and not asked anything else', async () => {
    const script = `[ "$1" = --version ] && echo 'Bazelisk version: v1.28.1' && echo bazel 5.4.1 && exit 0
case "$*" in *--query_file*) echo 'was asked' >&2; exit 1 ;; esac`;
    await expect(bazelWith({ command: pretender(script) }, 'old').queryAll()).rejects.toThrow(
      /^The workspace uses bazel 5\.4\.1, and bazel-affected needs Bazel 6\.4 or later: name a later version in \.bazelversion/,
    );
  });

  test('is asked nonetheless where its version is not known', async () => {
    for (const version of ['bazel no_version', 'Bazelisk version: v1.28.1', '']) {
      const script = `[ "$1" = --version ] && echo '${version}'; exit 0`;
      expect(await bazelWith({ command: pretender(script) }, 'unknown').queryAll()).toEqual([]);
    }
  });

  test('is called with one garbage collector once it did not start with two', async () => {
    const script = `case "$*" in *UseSerialGC*) echo 'Multiple garbage collectors selected' >&2; exit 37 ;; esac`;
    expect(await bazelWith({ command: pretender(script) }, 'collector').queryAll()).toEqual([]);
  });

  test('is asked for its other framing where 7.0.0 breaks the usual one', async () => {
    const script = (version: string) =>
      `[ "$1" = --version ] && echo bazel ${version} && exit 0\necho "$@" >&2; exit 1`;
    const said = async (version: string) =>
      bazelWith({ command: pretender(script(version)) }, 'framing')
        .queryAll()
        .catch(String);
    expect(await said('7.0.0')).toContain(' --output=proto ');
    expect(await said('7.0.1')).toContain(' --output=streamed_proto ');
    expect(await said('no_version')).toContain(' --output=streamed_proto ');
  });
});

test('queries read other files instead of repositories, and others after them do not', async () => {
  const script = '[ "$1" = --version ] && echo bazel 7.7.1 && exit 0\necho "$@" >&2; exit 1';
  const bazel = bazelWith({ command: pretender(script) }, 'standing-in');
  const asked = (by: Bazel): Promise<string> => by.targetsMatching(labels('@@sdk~//:a')).then(String, String);
  const files = new Map([
    ['BUILD.bazel', 'exports_files(["bin/a"])'],
    ['bin/a', ''],
  ]);
  const said = await asked(bazel.withRepositories(new Map([[canonical('sdk~'), files]])));
  const [, place = ''] = / --override_repository=sdk~=(\S+) /.exec(said) ?? [];
  expect(readFileSync(join(place, 'BUILD.bazel'), 'utf8')).toBe('exports_files(["bin/a"])');
  expect(readdirSync(join(place, 'bin'))).toEqual(['a']);
  expect(await asked(bazel)).not.toContain('--override_repository');
  // Files of an earlier stand-in are not left there.
  bazel.withRepositories(new Map([[canonical('sdk~'), new Map([['BUILD.bazel', '']])]]));
  expect(readdirSync(place)).toEqual(['BUILD.bazel']);
});

test('Bazel is asked once for what stays the same while it works', async () => {
  const log = join(folder, 'calls');
  const bazel = bazelWith({ command: pretender(`echo "$@" >>${log}; echo /output`) }, 'asked-once');
  for (let time = 0; time < 2; time += 1) {
    for (const each of [bazel, bazel.withoutLockFile()]) {
      expect(await each.externalFolder()).toBe('/output/external');
      await each.modules.areOff();
    }
  }
  const calls = readFileSync(log, 'utf8').split('\n');
  const count = (part: string): number => calls.filter((call) => call.includes(part)).length;
  expect([count('info output_base'), count('help mod'), count('mod graph')]).toEqual([2, 2, 4]);
});

test('a folder is a workspace by any of its markers', () => {
  expect(isWorkspace(folder)).toBe(false);
  for (const marker of ['MODULE.bazel', 'REPO.bazel', 'WORKSPACE', 'WORKSPACE.bazel']) {
    const place = join(folder, `with-${marker}`);
    mkdirSync(place);
    writeFileSync(join(place, marker), '');
    expect(isWorkspace(place)).toBe(true);
  }
});
