import { describe, expect, test } from '@jest/globals';
import { inputsOf } from '../../src/graph/target.js';
import { generated, graph, label, rule, source, workspacePath } from '../support/builders.js';

describe('Graph', () => {
  test('leaves out targets of other repositories', () => {
    const made = graph(rule('//a:b'), rule('@repo//a:b'), source('@@repo+//a:c'));
    expect([...made.targets()].map((target) => target.label)).toEqual(['//a:b']);
  });

  test('keeps the last target of a label that comes twice', () => {
    const made = graph(rule('//a:b', { definition: 'first' }), rule('//a:b', { definition: 'last' }));
    expect(made.get(label('//a:b'))).toMatchObject({ definition: 'last' });
  });

  test('knows its packages, the root one included', () => {
    const made = graph(rule('//:r'), source('//a/b:s'), source('//a/b:t/u'));
    expect(made.packagePaths).toEqual(new Set(['', 'a/b']));
  });

  test('finds source files by their path, and nothing else', () => {
    const made = graph(source('//:top'), source('//a:b/c.txt'), rule('//a:b/d.txt'));
    expect([...made.sources()]).toEqual([
      ['top', '//:top'],
      ['a/b/c.txt', '//a:b/c.txt'],
    ]);
    expect(
      ['top', 'a/b/c.txt', 'a/b/d.txt', 'a', 'a/b'].map((path) => [...made.sourcesAt(workspacePath(path))]),
    ).toEqual([['//:top'], ['//a:b/c.txt'], [], [], []]);
  });
});

test('a label of the folder of its own package stands for that folder', () => {
  const made = graph(source('//a/b:.'), source('//:.'));
  expect([...made.sourcesAt(workspacePath('a/b'))]).toEqual(['//a/b:.']);
  expect([...made.sourcesAt(workspacePath('a/b/c'))]).toEqual([]);
  expect([...made.sourcesAt(workspacePath(''))]).toEqual(['//:.']);
  expect([...made.sources()].map(([path]) => path)).toEqual(['a/b', '']);
});

test('a generated file depends on the rule that makes it', () => {
  expect(inputsOf(generated('//a:out', '//a:gen'))).toEqual(['//a:gen']);
  expect(inputsOf(rule('//a:r', { inputs: ['//a:out', '@x//y:z'] }))).toEqual(['//a:out', '@x//y:z']);
});
