import { expect, test } from '@jest/globals';
import { Users } from '../../../src/plan/affected/users.js';
import { Graph } from '../../../src/graph/graph.js';
import type { Label } from '../../../src/graph/label.js';
import { QueriedPackage, type Package } from '../../../src/graph/package.js';
import type { Target } from '../../../src/graph/target.js';
import { generated, label, rule, source, workspacePath } from '../../support/builders.js';

/** A package that remembers whether its targets were asked for. */
class WatchedPackage extends QueriedPackage {
  wasRead = false;

  override targets(): readonly Target[] {
    this.wasRead = true;
    return super.targets();
  }
}

function watched(path: string, ...targets: readonly Target[]): WatchedPackage {
  return new WatchedPackage(workspacePath(path), targets);
}

function usersOf(packages: readonly Package[], name: string): Label[] {
  return [...new Users(Graph.ofPackages(packages)).of(label(name))].sort();
}

const A = [
  source('//a:x'),
  rule('//a:lib', { inputs: ['//a:x', '@repo//a:x'] }),
  generated('//a:out', '//a:lib'),
];
const B = [
  rule('//b:app', { inputs: ['//a:lib', '//a:gone'] }),
  rule('//b:twice', { inputs: ['//a:x', '//a:x'] }),
];
const C = [rule('//c:alone')];

test('a label is used by targets of its own package and of others, there or not', () => {
  const packages = [watched('a', ...A), watched('b', ...B), watched('c', ...C)];
  expect(usersOf(packages, '//a:lib')).toEqual(['//a:out', '//b:app']);
  expect(usersOf(packages, '//a:x')).toEqual(['//a:lib', '//b:twice', '//b:twice']);
  expect(usersOf(packages, '//a:gone')).toEqual(['//b:app']);
  expect(usersOf(packages, '//nowhere:x')).toEqual([]);
});

test('only packages that name the label’s package are read', () => {
  const [a, b, c] = [watched('a', ...A), watched('b', ...B), watched('c', ...C)];
  const users = new Users(Graph.ofPackages([a, b, c]));
  users.of(label('//c:alone'));
  expect([a.wasRead, b.wasRead, c.wasRead]).toEqual([false, false, true]);
  users.of(label('//a:x'));
  expect([a.wasRead, b.wasRead]).toEqual([true, true]);
});

test('users of what another repository holds are not looked up', () => {
  expect(usersOf([watched('a', ...A)], '@repo//a:x')).toEqual([]);
});
