import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Repository } from '../../../src/adapters/git/repository.js';
import { ScratchRepository } from '../../../src/adapters/git/scratch-repository.js';
import { TestRepository } from '../../support/test-repository.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;
let room: string;
let repository: TestRepository;

beforeEach(() => {
  temporary = new TemporaryFolder();
  room = temporary.path;
  repository = TestRepository.create();
});

afterEach(() => {
  repository.remove();
  temporary.remove();
});

test('a folder whose files are all deleted in the working tree is gone, as it will be once that is committed', async () => {
  repository.write({ 'a/b/c/x.txt': '', 'a/b/c/d/y.txt': '', 'a/z.txt': '', 'link/file': '' }).commit();
  const user = await Repository.open(repository.folder);
  const scratch = await ScratchRepository.create(user, join(room, 'scratch'));
  repository.write({ 'a/b/c/x.txt': null, 'a/b/c/d/y.txt': null, link: null, 'new/x.txt': '' });
  await scratch.checkoutWorkingTree(await user.head());
  expect(readdirSync(scratch.folder).sort()).toEqual(['.git', 'a', 'new']);
  expect(readdirSync(join(scratch.folder, 'a'))).toEqual(['z.txt']);
});

test('a folder that becomes a file or a link is what it became', async () => {
  repository.write({ 'a/x.txt': '', 'b/y.txt': '' }).commit();
  const user = await Repository.open(repository.folder);
  const scratch = await ScratchRepository.create(user, join(room, 'scratch'));
  repository.write({ a: 'a file now', b: { link: 'a' } });
  await scratch.checkoutWorkingTree(await user.head());
  expect(existsSync(join(scratch.folder, 'b'))).toBe(true);
  expect(readdirSync(scratch.folder).sort()).toEqual(['.git', 'a', 'b']);
});

test('files whose names are not UTF-8 are as they are in the working tree', async () => {
  const at = (folder: string, byte: number): Buffer =>
    Buffer.concat([Buffer.from(`${folder}/d/`), Buffer.of(byte)]);
  repository.write({ 'd/x': '' }).commit();
  writeFileSync(at(repository.folder, 0xfc), 'deleted');
  writeFileSync(at(repository.folder, 0xfd), 'committed');
  repository.commit();
  const user = await Repository.open(repository.folder);
  const scratch = await ScratchRepository.create(user, join(room, 'scratch'));
  rmSync(at(repository.folder, 0xfc));
  writeFileSync(at(repository.folder, 0xfd), 'modified');
  writeFileSync(at(repository.folder, 0xfe), 'untracked');
  symlinkSync(Buffer.of(0xfe), at(repository.folder, 0xff));
  await scratch.checkoutWorkingTree(await user.head());
  expect(
    readdirSync(join(scratch.folder, 'd'), 'buffer')
      .map((name) => name.at(-1))
      .sort(),
  ).toEqual([0x78, 0xfd, 0xfe, 0xff].sort());
  expect(readFileSync(at(scratch.folder, 0xfd), 'utf8')).toBe('modified');
  expect(readFileSync(at(scratch.folder, 0xff), 'utf8')).toBe('untracked');
});

test('what a staged link takes the place of is not deleted through the link', async () => {
  repository.write({ 'real/x.txt': 'x', 'b/x.txt': 'x' }).commit();
  const user = await Repository.open(repository.folder);
  const scratch = await ScratchRepository.create(user, join(room, 'scratch'));
  repository.write({ b: { link: 'real' } }).git('add', '--all');
  await scratch.checkoutWorkingTree(await user.head());
  expect(readdirSync(join(scratch.folder, 'b'))).toEqual(['x.txt']);
});
