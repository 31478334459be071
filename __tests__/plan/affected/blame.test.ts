import { describe, expect, test } from '@jest/globals';
import { blameOf } from '../../../src/plan/affected/blame.js';
import type { ShownChange } from '../../../src/graph/change.js';
import { change, workspacePath } from '../../support/builders.js';

describe('blameOf', () => {
  function blame(
    packagePath: string,
    changes: readonly ShownChange[],
    ...loaded: readonly string[]
  ): string | null {
    return blameOf(
      changes,
      (file) => new Set(loaded.includes(file) ? [workspacePath(packagePath)] : []),
    )(workspacePath(packagePath));
  }

  test('names the BUILD file of the package before all else', () => {
    const changes = [change('a/new', 'added'), change('x.bzl'), change('a/BUILD.bazel')];
    expect(blame('a', changes, 'x.bzl')).toBe('a/BUILD.bazel');
    expect(blame('', [change('BUILD')])).toBe('BUILD');
    expect(blame('b', [change('a/BUILD'), change('BUILD'), change('bb/BUILD')])).toBeNull();
  });

  test('names a .bzl file that the package loads, and none that it does not', () => {
    expect(blame('a', [change('other.bzl'), change('x.bzl')], 'x.bzl')).toBe('x.bzl');
    expect(blame('a', [change('other.bzl')], 'x.bzl')).toBeNull();
  });

  test('names a file that came or went below the package, as a glob sees it', () => {
    expect(blame('a', [change('a/deep/new', 'added')])).toBe('a/deep/new');
    expect(blame('a', [change('a/old', 'deleted')])).toBe('a/old');
    expect(blame('', [change('anything', 'added')])).toBe('anything');
    expect(blame('a', [change('ab/new', 'added'), change('a/same')])).toBeNull();
  });

  test('gives one package one answer however often it is asked', () => {
    let asked = 0;
    const ask = blameOf([change('x.bzl')], () => {
      asked++;
      return new Set();
    });
    expect([ask(workspacePath('a')), ask(workspacePath('a'))]).toEqual([null, null]);
    expect(asked).toBe(1);
  });
});
