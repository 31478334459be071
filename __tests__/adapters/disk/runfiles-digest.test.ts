import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runfilesDigest } from '../../../src/adapters/disk/runfiles-digest.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

function write(path: string, content: string): string {
  const file = temporary.join(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** A program whose runfiles link to a file, as Bazel lays them out below a folder. */
function lay(root: string, { name = 'data.txt', content = 'data' } = {}): void {
  write(`${root}/push.sh`, 'the program');
  const data = write(`${root}/bin/${name}`, content);
  const tree = `${root}/push.sh.runfiles`;
  write(`${tree}/MANIFEST`, `_main/${name} ${data}\n`);
  mkdirSync(temporary.join(tree, '_main'), { recursive: true });
  symlinkSync(data, temporary.join(tree, '_main', name));
}

function digestIn(root: string): Promise<string> {
  return runfilesDigest(temporary.join(root, 'push.sh'), temporary.join(root, 'push.sh.runfiles'));
}

test('the digest does not depend on where the files lie', async () => {
  lay('one');
  lay('two');
  expect(await digestIn('one')).toBe(await digestIn('two'));
});

describe('the digest differs', () => {
  const differs = async (): Promise<void> => {
    expect(await digestIn('two')).not.toBe(await digestIn('one'));
  };

  beforeEach(() => {
    lay('one');
  });

  test('with a content', async () => {
    lay('two', { content: 'other' });
    await differs();
  });

  test('with a name', async () => {
    lay('two', { name: 'other.txt' });
    await differs();
  });

  test('with the program', async () => {
    lay('two');
    write('two/push.sh', 'another program');
    await differs();
  });

  test('with an executable bit', async () => {
    lay('two');
    chmodSync(temporary.join('two/bin/data.txt'), 0o755);
    await differs();
  });

  test('with a file in a linked folder', async () => {
    for (const [root, content] of [
      ['one', 'a'],
      ['two', 'b'],
    ] as const) {
      if (root === 'two') lay(root);
      write(`${root}/image/layer`, content);
      symlinkSync(temporary.join(root, 'image'), temporary.join(root, 'push.sh.runfiles/_main/image'));
    }
    await differs();
  });

  test('with an empty folder', async () => {
    lay('two');
    mkdirSync(temporary.join('two/push.sh.runfiles/_main/empty'));
    await differs();
  });
});

describe('the manifest of a step', () => {
  /** @param name by which the step finds a file */
  function layStep(root: string, name: string, content: string): void {
    lay(root);
    const file = write(`${root}/bin/step-data`, content);
    write(
      `${root}/push.sh.runfiles/_main/step.runfiles/MANIFEST`,
      `${name} ${file}\n_main/empty \n_repo_mapping /${root}/missing\n`,
    );
  }

  test('counts by the names and the contents of what it lists, and not by where that lies', async () => {
    layStep('one', 'content.txt', 'a');
    layStep('two', 'content.txt', 'a');
    layStep('three', 'other.txt', 'a');
    layStep('four', 'content.txt', 'b');
    const [one, two, three, four] = await Promise.all(['one', 'two', 'three', 'four'].map(digestIn));
    expect(two).toBe(one);
    expect(three).not.toBe(one);
    expect(four).not.toBe(one);
  });
});

test('a tree that lacks what its list has, because Bazel made only the list, has no digest', async () => {
  lay('one');
  rmSync(temporary.join('one/push.sh.runfiles/_main'), { recursive: true });
  await expect(digestIn('one')).rejects.toThrow('lacks _main/data.txt');
});

test('a line of a manifest that is not understood has no digest: a name with a space', async () => {
  lay('one');
  const file = write('one/bin/a b', 'a');
  write('one/push.sh.runfiles/_main/step.runfiles/MANIFEST', ` _main/a\\sb ${file}\n`);
  await expect(digestIn('one')).rejects.toThrow('has a line that is not understood');
});

test('what is missing, or leads to a folder above itself, has no digest', async () => {
  lay('one');
  symlinkSync(temporary.join('one/push.sh.runfiles'), temporary.join('one/push.sh.runfiles/_main/up'));
  await expect(digestIn('one')).rejects.toThrow('leads to a folder above itself');
  lay('two');
  rmSync(temporary.join('two/bin/data.txt'));
  await expect(digestIn('two')).rejects.toThrow('lacks _main/data.txt');
});
