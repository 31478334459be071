import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BazelNotFoundError, findBazel } from '../../scripts/find-bazel.mjs';
import findBazelOnce from '../support/find-bazel-once.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

describe('findBazel', () => {
  let temporary: TemporaryFolder;
  let folder: string;
  let log: string;

  beforeEach(() => {
    temporary = new TemporaryFolder();
    folder = temporary.path;
    log = '';
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      log += String(text);
      return true;
    });
  });

  afterEach(() => {
    jest.restoreAllMocks();
    temporary.remove();
  });

  function command(name: string, script = 'echo bazel 7.7.1'): string {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** The folders alone: this machine may have a Bazel of its own. */
  function searchPath(...folders: string[]): string {
    return folders.map((name) => path.join(folder, name)).join(path.delimiter);
  }

  test('takes what BAZEL names before anything on the PATH', () => {
    const mine = command('mine/my bazel');
    command('bin/bazel');
    expect(findBazel({ BAZEL: mine, PATH: searchPath('bin') })).toBe(mine);
  });

  test('takes a plain name in BAZEL from the PATH', () => {
    const mine = command('bin/bazel-dev');
    expect(findBazel({ BAZEL: 'bazel-dev', PATH: searchPath('bin') })).toBe(mine);
  });

  test('is the Bazel of all tests, which fail with another version than the environment asks for', () => {
    const before = { BAZEL: process.env.BAZEL, USE_BAZEL_VERSION: process.env.USE_BAZEL_VERSION };
    try {
      process.env.BAZEL = command('bazel');
      for (const wanted of ['7.7.1', 'latest', '']) {
        process.env.USE_BAZEL_VERSION = wanted;
        expect(findBazelOnce).not.toThrow();
      }
      process.env.USE_BAZEL_VERSION = '8.7.0';
      expect(findBazelOnce).toThrow(/^USE_BAZEL_VERSION is 8\.7\.0, and .* is bazel 7\.7\.1: unset it/);
    } finally {
      process.env.BAZEL = before.BAZEL;
      if (before.USE_BAZEL_VERSION === undefined) delete process.env.USE_BAZEL_VERSION;
      else process.env.USE_BAZEL_VERSION = before.USE_BAZEL_VERSION;
    }
  });

  test('fails where BAZEL does not start, whatever else there is', () => {
    command('bin/bazel');
    const broken = command('broken', 'echo no space left >&2; exit 1');
    expect(() => findBazel({ BAZEL: broken, PATH: searchPath('bin') })).toThrow(BazelNotFoundError);
    expect(log).toContain('no space left');
  });

  test('passes over wrappers that npm put on the PATH, and over commands that do not start', () => {
    command('node_modules/.bin/bazel');
    command('broken/bazel', 'exit 1');
    const bazel = command('bin/bazel');
    expect(findBazel({ PATH: searchPath('node_modules/.bin', 'broken', 'bin') })).toBe(bazel);
  });

  test('pins the version of a Bazelisk, because temporary workspaces name none', () => {
    const bazelisk = command('bin/bazelisk', 'echo "bazel $USE_BAZEL_VERSION"');
    const launcher = readFileSync(findBazel({ PATH: searchPath('bin') }), 'utf8');
    expect(launcher).toContain(`exec '${bazelisk}'`);
    expect(launcher).toContain(readFileSync('.bazelversion', 'utf8').trim());
  });
});
