import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Git, GitError } from '../../../src/adapters/git/git.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';
import { TestRepository } from '../../support/test-repository.js';

let temporary: TemporaryFolder;
let git: Git;

beforeEach(() => {
  temporary = new TemporaryFolder();
  const history = TestRepository.create(temporary.join('repository'));
  history.commit({ 'a.txt': 'a', 'b c.txt': 'b' });
  git = new Git(history.folder);
});

afterEach(() => {
  temporary.remove();
});

describe('a call', () => {
  test('gives the fields that git prints', async () => {
    expect(await git.fields(['ls-files', '-z'])).toEqual(['a.txt', 'b c.txt']);
    expect(await git.fields(['ls-files', '-z', '--', 'missing'])).toEqual([]);
  });

  test('that git refuses has no text, and is an error with the words of git where it has to succeed', async () => {
    const refused = ['rev-parse', '--verify', 'missing'];
    expect(await git.text(refused)).toBeNull();
    await expect(git.required(refused, 'reading missing')).rejects.toThrow(
      /^reading missing failed; git said: fatal: /,
    );
    await expect(git.fields(refused)).rejects.toThrow(/^git rev-parse failed in /);
  });

  test('gets the settings and the environment of its git', async () => {
    const shout = new Git(git.folder, {}, ['-c', 'alias.shout=!echo "$WORD"']);
    expect(await shout.with({ WORD: 'hello' }).text(['shout'])).toBe('hello\n');
  });

  test('is an error of git where git is not installed, however much it would print', async () => {
    const { PATH } = process.env;
    process.env.PATH = temporary.join('nothing');
    try {
      const message = /^git is not installed, or not on the PATH/;
      await expect(git.text(['version'])).rejects.toThrow(GitError);
      await expect(git.text(['version'])).rejects.toThrow(message);
      await expect(git.fields(['ls-files', '-z'])).rejects.toThrow(GitError);
      await expect(git.output(['version'])).rejects.toThrow(message);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
