import { describe, expect, test } from '@jest/globals';
import { QueriedPackage, type Package } from '../../../src/graph/package.js';
import type { Target } from '../../../src/graph/target.js';
import { lineOf, StoredPackage } from '../../../src/loading/snapshot/stored-package.js';
import { DamagedSnapshotError } from '../../../src/loading/snapshot/stored-values.js';
import {
  environmentGroup,
  generated,
  packageGroup,
  rule,
  source,
  testRule,
  workspacePath,
} from '../../support/builders.js';

const PATH = workspacePath('a/b');

const TARGETS: readonly Target[] = [
  environmentGroup('//a/b:environments', 'definition', ['//a/b:x']),
  generated('//a/b:generated', '//a/b:rule'),
  packageGroup('//a/b:group', 'definition', ['//c:group']),
  rule('//a/b:rule', {
    inputs: ['//a/b:source', '//c:d', '@other//e:f'],
    tags: ['manual'],
    toolchains: ['//a/b:toolchain', '@other//:toolchain'],
    starlark: true,
    constraints: ['@platforms//:incompatible', '//c:d'],
    buildSetting: true,
  }),
  source('//a/b:source', 'visibility', ['//c:group']),
  testRule('//a/b:test', { size: 'small' }),
];

function queried(targets: readonly Target[]): QueriedPackage {
  return new QueriedPackage(PATH, targets);
}

/** The package as a snapshot has it. */
function stored(each: Package, line = lineOf(each)): StoredPackage {
  return new StoredPackage(PATH, each.outline, line);
}

describe('a stored package', () => {
  test('has the targets that were written, of every kind', () => {
    expect(stored(queried(TARGETS)).targets()).toEqual(TARGETS);
  });

  test('is the same line in whatever order its targets came, and after it was read', () => {
    const line = lineOf(queried(TARGETS));
    expect(lineOf(queried([...TARGETS].reverse()))).toEqual(line);
    expect(lineOf(stored(queried(TARGETS)))).toEqual(line);
  });

  test('writes the labels of its own package without the package', () => {
    expect(lineOf(queried([source('//a/b:x')])).toString()).toBe('[["source",":x","same",[]]]');
  });

  test('counts as read once its targets were asked for', () => {
    const one = stored(queried(TARGETS));
    expect(one.isRead).toBe(false);
    one.targets();
    expect(one.isRead).toBe(true);
  });

  test('is known to equal another one by their lines', () => {
    const one = stored(queried(TARGETS));
    expect(one.isKnownToEqual(stored(queried(TARGETS)))).toBe(true);
    expect(one.isKnownToEqual(stored(queried([])))).toBe(false);
    expect(one.isKnownToEqual(queried(TARGETS))).toBe(false);
  });

  test.each([
    'no JSON',
    '{}',
    '[1]',
    '[["source","//a/b:x","same",[]]]',
    '[["source",":x","same",["c:d"]]]',
    '[["source",":x",1,[]]]',
    '[["strange",":x","same",[]]]',
    '[["generated",":x",null]]',
    '[["rule",":x","same",[],"library",[],"no boolean",null,null]]',
    '[["rule",":x","same",[],"test",[],false,null,["tiny","short"]]]',
    '[["source",":y","same",[]],["source",":x","same",[]]]',
    '[["source",":x","same",[]],["source",":x","same",[]]]',
  ])('refuses the line %s', (line) => {
    const damaged = stored(queried([]), Buffer.from(line));
    expect(() => damaged.targets()).toThrow(DamagedSnapshotError);
  });
});
