import { describe, expect, test } from '@jest/globals';
import type { ShownChange } from '../../../src/graph/change.js';
import { seedsOf } from '../../../src/plan/affected/seeds.js';
import type { Graph } from '../../../src/graph/graph.js';
import type { PackagePath } from '../../../src/graph/label.js';
import {
  change,
  generated,
  graph,
  packageGroup,
  repositoryPath,
  rule,
  source,
  testRule,
  workspacePath,
} from '../../support/builders.js';

const noBlame = () => null;

/** The seeds as `kind label`, sorted. */
function seeds(before: Graph, head: Graph, ...changes: readonly ShownChange[]): string[] {
  return seedsOf(before, head, changes, noBlame)
    .map((seed) => `${seed.kind}: ${seed.label}`)
    .sort();
}

/** The seeds of changes between two equal graphs. */
function fileSeeds(made: Graph, ...changes: readonly ShownChange[]): string[] {
  return seeds(made, made, ...changes);
}

describe('a package whose code changed only in its layout', () => {
  const before = graph(
    rule('//a:own', { starlark: true, definition: 'one', inputs: ['//a:x'] }),
    rule('//a:native', { definition: 'one' }),
    rule('//b:own', { starlark: true, definition: 'one' }),
  );
  const seedsIn = (head: Graph): string[] =>
    seedsOf(before, head, [], noBlame, new Set(), new Set([workspacePath('a')]))
      .map((seed) => `${seed.kind}: ${seed.label}`)
      .sort();

  test('has no seed because the digest of a Starlark rule differs', () => {
    const head = graph(
      rule('//a:own', { starlark: true, definition: 'two', inputs: ['//a:x'] }),
      rule('//a:native', { definition: 'two' }),
      rule('//b:own', { starlark: true, definition: 'two' }),
    );
    expect(seedsIn(head)).toEqual(['definition: //a:native', 'definition: //b:own']);
  });

  test('has a seed if anything else of the rule differs', () => {
    const head = graph(
      rule('//a:own', { starlark: true, definition: 'two', inputs: ['//a:y'] }),
      rule('//a:native', { definition: 'one' }),
      rule('//a:new', { starlark: true }),
      rule('//b:own', { starlark: true, definition: 'one' }),
    );
    expect(seedsIn(head)).toEqual(['definition: //a:own', 'new target: //a:new']);
  });
});

describe('a changed file', () => {
  const made = graph(
    rule('//a:r', { inputs: ['//a:x.txt', '//a:data'] }),
    source('//a:x.txt'),
    source('//a:data'),
    source('//:top'),
    source('//a/sub:y'),
  );

  test('is a seed of its kind of change', () => {
    expect(fileSeeds(made, change('a/x.txt'))).toEqual(['content: //a:x.txt']);
    expect(fileSeeds(made, change('a/x.txt', 'added'))).toEqual(['file added: //a:x.txt']);
    expect(fileSeeds(made, change('a/x.txt', 'deleted'))).toEqual(['file deleted: //a:x.txt']);
    expect(fileSeeds(made, change('a/x.txt', 'type changed'))).toEqual(['file type: //a:x.txt']);
    expect(fileSeeds(made, change('top'))).toEqual(['content: //:top']);
  });

  test('is a seed where only its executable bit changed', () => {
    expect(fileSeeds(made, change('a/x.txt', 'modified', { modeAfter: '100755' }))).toEqual([
      'executable bit: //a:x.txt',
    ]);
  });

  test('is no seed where no BUILD file names it', () => {
    expect(fileSeeds(made, change('a/unknown'), change('x.txt'), change('a/x.txt.bak'))).toEqual([]);
  });

  test('seeds the label of a folder that it lies in, however deep', () => {
    expect(fileSeeds(made, change('a/data/deep/er/file', 'added'))).toEqual(['file added: //a:data']);
    expect(fileSeeds(made, change('a/database'))).toEqual([]);
  });

  test('seeds the label of the own folder of each package that it lies in', () => {
    const own = graph(source('//a:.'), source('//:.'), source('//b:.'));
    expect(fileSeeds(own, change('a/deep/file', 'added'))).toEqual(['file added: //:.', 'file added: //a:.']);
    const turned = change('a', 'modified', { modeBefore: '120000', modeAfter: '120000' });
    expect(fileSeeds(own, turned)).toEqual(['content: //:.', 'content: //a:.']);
  });

  test('seeds everything behind it where it is or was a symlink', () => {
    const behind = graph(source('//a:link/one'), source('//a/link/two:three'), source('//a:linked'));
    const turned = change('a/link', 'modified', { modeBefore: '120000', modeAfter: '120000' });
    expect(fileSeeds(behind, turned)).toEqual(['content: //a/link/two:three', 'content: //a:link/one']);
    expect(fileSeeds(behind, change('a/link', 'deleted', { modeBefore: '120000' }))).toHaveLength(2);
    expect(fileSeeds(behind, change('a/link', 'added', { modeAfter: '120000' }))).toHaveLength(2);
  });

  test('seeds everything inside it where it is a submodule', () => {
    const inside = graph(source('//sub/p:x'), source('//subway:x'), source('//:sub'));
    const moved = change('sub', 'modified', { modeBefore: '160000', modeAfter: '160000' });
    expect(fileSeeds(inside, moved)).toEqual(['content: //:sub', 'content: //sub/p:x']);
  });

  test('names the path that really changed, also where a symlink shows it under another', () => {
    const alias = { ...change('a/x.txt'), origin: repositoryPath('real.txt') };
    expect(seedsOf(made, made, [alias], noBlame)).toEqual([
      { label: '//a:x.txt', kind: 'content', change: 'real.txt' },
    ]);
  });
});

describe('a changed definition', () => {
  test('makes a rule a seed', () => {
    expect(seeds(graph(rule('//a:r')), graph(rule('//a:r', { definition: 'other' })))).toEqual([
      'definition: //a:r',
    ]);
  });

  test('makes a new rule a seed', () => {
    expect(seeds(graph(), graph(testRule('//a:t')))).toEqual(['new target: //a:t']);
  });

  test('makes a rule a seed whose inputs are other ones, by an equal digest', () => {
    const before = graph(rule('//a:r', { inputs: ['//a:x'] }));
    expect(seeds(before, graph(rule('//a:r', { inputs: ['//a:y'] })))).toEqual(['definition: //a:r']);
    expect(seeds(before, graph(rule('//a:r', { inputs: ['//a:x', '//a:y'] })))).toEqual([
      'definition: //a:r',
    ]);
    expect(seeds(before, graph(rule('//a:r')))).toEqual(['definition: //a:r']);
  });

  test('is none where Bazel only printed the inputs in another order', () => {
    const one = graph(rule('//a:r', { inputs: ['//a:x', '//a:y', '//a:z'] }));
    expect(seeds(one, graph(rule('//a:r', { inputs: ['//a:z', '//a:x', '//a:y'] })))).toEqual([]);
  });

  test('seeds what a package group guards', () => {
    expect(seeds(graph(packageGroup('//:g')), graph(packageGroup('//:g', 'other')))).toEqual([
      'package group: //:g',
    ]);
    expect(seeds(graph(packageGroup('//:g')), graph(packageGroup('//:g', 'same', ['//:h'])))).toEqual([
      'package group: //:g',
    ]);
  });

  test('makes a generated file a seed that another rule makes now', () => {
    expect(seeds(graph(generated('//a:o', '//a:one')), graph(generated('//a:o', '//a:two')))).toEqual([
      'definition: //a:o',
    ]);
  });

  test('makes a label a seed that has become another kind of target', () => {
    expect(seeds(graph(source('//a:o')), graph(generated('//a:o', '//a:g')))).toEqual(['definition: //a:o']);
    expect(seeds(graph(generated('//a:o', '//a:g')), graph(source('//a:o')))).toEqual(['definition: //a:o']);
    expect(seeds(graph(source('//a:o')), graph(rule('//a:o')))).toEqual(['definition: //a:o']);
  });

  test('is blamed on what the package was blamed on', () => {
    const blame = (packagePath: PackagePath) => repositoryPath(`${packagePath}/BUILD`);
    expect(seedsOf(graph(), graph(rule('//a:r')), [], blame)).toEqual([
      { label: '//a:r', kind: 'new target', change: 'a/BUILD' },
    ]);
  });
});

describe('a package that may give its rules something else', () => {
  const made = () => graph(rule('//a:r'), source('//a:x'), rule('//a/b:r'));
  const given = new Set(['a', 'gone'].map(workspacePath));

  test('seeds its rules', () => {
    const blame = (packagePath: PackagePath) => repositoryPath(`${packagePath}/BUILD`);
    expect(seedsOf(made(), made(), [], blame, given)).toEqual([
      { label: '//a:r', kind: 'package', change: 'a/BUILD' },
    ]);
  });
});

describe('a genquery', () => {
  const made = graph(rule('//a:q', { ruleClass: 'genquery', inputs: ['//b:r'] }), rule('//b:r'));

  test.each(['b/BUILD', 'BUILD.bazel', 'b/x.bzl', 'b/x.scl'])('is a seed where %s changed', (path) => {
    expect(seedsOf(made, made, [change(path)], noBlame)).toEqual([
      { label: '//a:q', kind: 'definition', change: path },
    ]);
  });

  test('is a seed where BUILD files behind a symlink may be others', () => {
    expect(fileSeeds(made, change('b', 'added', { modeAfter: '120000' }))).toEqual(['definition: //a:q']);
  });

  test('is none where other files changed', () => {
    expect(fileSeeds(made, change('b/x.txt'), change('b/BUILDER'))).toEqual([]);
  });
});

describe('a deleted target', () => {
  test('is a seed, for those who still name it', () => {
    expect(seeds(graph(rule('//a:r'), source('//a:x')), graph(rule('//a:r')))).toEqual([
      'deleted target: //a:x',
    ]);
  });
});

test('equal graphs without a change have no seeds', () => {
  const made = () => graph(rule('//a:r', { inputs: ['//a:x'] }), source('//a:x'), packageGroup('//a:g'));
  expect(seeds(made(), made())).toEqual([]);
});
