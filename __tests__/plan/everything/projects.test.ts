import { expect, test } from '@jest/globals';
import { changedProjects, packagesOfProjects, type Project } from '../../../src/plan/everything/projects.js';
import { change, graph, rule, workspacePath } from '../../support/builders.js';

const project = (folder: string, ...files: readonly string[]): Project => ({
  folder: workspacePath(folder),
  files: new Set(files.map(workspacePath)),
  options: [],
});

test('a project changes if one of its files, or a symlink above one, does', () => {
  const app = project('app', 'app/PROJECT.scl', 'conf/flags.scl');
  const link = change('conf', 'modified', { modeBefore: '120000', modeAfter: '120000' });
  for (const each of [change('conf/flags.scl'), change('app/PROJECT.scl', 'deleted'), link])
    expect(changedProjects([app], [each])).toEqual([{ folder: 'app', change: each }]);
  expect(changedProjects([app], [change('app/BUILD'), change('conf/flags.scl.md')])).toEqual([]);
});

test('a project reaches the packages at and below its folder', () => {
  const packages = graph(rule('//app:x'), rule('//app/deep:x'), rule('//apple:x'), rule('//:x'));
  const of = (folder: string) => [
    ...packagesOfProjects([{ folder: workspacePath(folder), change: change('x') }], packages),
  ];
  expect(of('app').sort()).toEqual(['app', 'app/deep']);
  expect(packagesOfProjects([], packages).size).toBe(0);
});
