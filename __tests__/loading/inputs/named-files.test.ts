import { describe, expect, test } from '@jest/globals';
import { MainRepository } from '../../../src/graph/main-repository.js';
import { isStarlark } from '../../../src/loading/inputs/file-roles.js';
import { NamedFiles, repositoriesInOptions } from '../../../src/loading/inputs/named-files.js';
import { RevisionEntries } from '../../../src/loading/inputs/revision-entries.js';
import { supplyTexts } from '../../../src/loading/inputs/texts.js';
import { workspacePath } from '../../support/builders.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

const MAIN = MainRepository.named('own');

async function namedBy(options: string, workspace: MemoryWorkspace, rcFile = '.bazelrc') {
  const outside = () => ({ kind: 'unknown' }) as const;
  const revision = await supplyTexts(RevisionEntries.of(workspace.listing(), outside), workspace.read);
  const named = new NamedFiles(revision, MAIN, isStarlark);
  named.addNamedInOptions(options, workspacePath(rcFile));
  await supplyTexts(named.follow([]), workspace.read);
  return { files: [...named.files].sort(), folders: [...named.folders].sort() };
}

describe('what options name', () => {
  test('are files, as paths or labels, from each folder above the rc file', async () => {
    const workspace = MemoryWorkspace.of({ 'ci/a.txt': '', 'b.txt': '', 'c/d.txt': '', 'c/a.txt': '' });
    expect(await namedBy('build --x=a.txt --y=b.txt --z=@own//c:d.txt', workspace, 'ci/rc')).toEqual({
      files: ['b.txt', 'c/d.txt', 'ci/a.txt'],
      folders: [],
    });
  });

  test('leads on through .bzl files to what these load and name', async () => {
    const workspace = MemoryWorkspace.of({
      'lint.bzl': 'load("//tools:more.bzl", "x")',
      'tools/more.bzl': 'x = "data.json"',
      'tools/data.json': '',
      'data.txt': 'x = "other.json"',
      'other.json': '',
    });
    expect((await namedBy('build --x=//:lint.bzl --y=data.txt', workspace)).files).toEqual([
      'data.txt',
      'lint.bzl',
      'tools/data.json',
      'tools/more.bzl',
    ]);
  });

  test('are folders, which may be repositories, with their .bzl files', async () => {
    const workspace = MemoryWorkspace.of({ 'mods/x/lib/defs.bzl': '', 'mods/x/a.txt': '' });
    expect(await namedBy('build --override_module=x=mods/x', workspace)).toEqual({
      files: ['mods/x/lib/defs.bzl'],
      folders: ['mods/x'],
    });
    expect(await namedBy('build --x=mods', workspace)).toEqual({ files: [], folders: [] });
  });

  test('are the folders behind symlinks', async () => {
    const workspace = MemoryWorkspace.of({ 'mods/x/defs.bzl': '' }).withLink('cur', 'mods');
    expect(await namedBy('build --override_module=x=cur/x', workspace)).toEqual({
      files: ['mods/x/defs.bzl'],
      folders: ['mods/x'],
    });
  });
});

test('options may make repositories of what is clearly a path or a label', () => {
  const folders = (options: string) => [...repositoriesInOptions(options, workspacePath('ci/rc'), MAIN)];
  expect(folders('build --override_module=x=a/b')).toEqual(['ci/a/b', 'a/b']);
  expect(folders('build --override_module=x=%workspace%/a')).toEqual(['a', 'a']);
  expect(folders('build --vendor_dir=a')).toEqual(['ci/a', 'a']);
  expect(folders('build --x=//a:b')).toEqual(['a/b', 'a/b']);
  expect(folders('build --x=a --y=@other//a:b --z=../../../a/b')).toEqual([]);
});
