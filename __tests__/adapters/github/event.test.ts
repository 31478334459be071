import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readEvent } from '../../../src/adapters/github/event.js';
import { InputError } from '../../../src/text/input-error.js';
import { commitId } from '../../support/builders.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const HEAD = commitId('b');
let temporary: TemporaryFolder;
let folder: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
});

afterEach(() => {
  temporary.remove();
});

function read(
  name: string,
  payload: unknown,
  environment: Readonly<Record<string, string | undefined>> = {},
) {
  const path = join(folder, 'event.json');
  writeFileSync(path, typeof payload === 'string' ? payload : JSON.stringify(payload));
  return readEvent({
    GITHUB_EVENT_NAME: name,
    GITHUB_EVENT_PATH: path,
    GITHUB_SHA: HEAD,
    GITHUB_REF: 'refs/heads/main',
    ...environment,
  });
}

describe('a push', () => {
  test('has the state before it and the default branch', () => {
    expect(read('push', { before: commitId('a'), repository: { default_branch: 'trunk' } })).toEqual({
      name: 'push',
      ref: 'refs/heads/main',
      before: commitId('a'),
      forced: false,
      commit: HEAD,
      defaultBranch: 'trunk',
    });
  });

  test.each([
    [true, true],
    [false, false],
    [undefined, false],
    ['true', false],
  ])('that says it is forced with %j rewrote its history: %j', (forced, expected) => {
    expect(read('push', { before: commitId('a'), forced })).toMatchObject({ forced: expected });
  });

  test.each([commitId('0'), undefined, 'main', '', 7])(
    'has no state before it where that is %j',
    (before) => {
      expect(read('push', { before })).toMatchObject({ before: null, defaultBranch: null });
    },
  );
});

describe('a push that deletes', () => {
  const deletion = { ref: 'refs/heads/topic', before: commitId('a'), after: commitId('0') };

  test('is told by the payload, and so is what it deleted: the runner names the default branch', () => {
    expect(read('push', { ...deletion, deleted: true })).toEqual({
      name: 'deletion',
      ref: 'refs/heads/topic',
      commit: HEAD,
    });
    expect(read('push', { ...deletion, ref: 'refs/tags/v1' })).toMatchObject({
      name: 'deletion',
      ref: 'refs/tags/v1',
    });
  });

  test('is not one that says it does not', () => {
    const pushed = { ...deletion, after: commitId('b'), deleted: false };
    expect(read('push', pushed)).toMatchObject({ name: 'push' });
  });
});

test('a pull request has its merge commit and its own head', () => {
  expect(
    read('pull_request', {
      pull_request: { head: { sha: commitId('c') }, base: { sha: commitId('d'), ref: 'develop' } },
    }),
  ).toEqual({
    name: 'pull_request',
    commit: HEAD,
    pullRequestHead: commitId('c'),
    baseBranch: 'develop',
  });
});

test('a merge group has its base and its head', () => {
  expect(read('merge_group', { merge_group: { head_sha: commitId('c'), base_sha: commitId('d') } })).toEqual({
    name: 'merge_group',
    commit: commitId('c'),
    base: commitId('d'),
  });
});

test('a run by hand and a schedule need no payload of their own', () => {
  expect(read('workflow_dispatch', {})).toEqual({
    name: 'workflow_dispatch',
    ref: 'refs/heads/main',
    commit: HEAD,
  });
  expect(read('schedule', {})).toEqual({ name: 'schedule', commit: HEAD });
});

test('commit ids of repositories with SHA-256 are read as well', () => {
  const id = 'e'.repeat(64);
  expect(read('schedule', {}, { GITHUB_SHA: id })).toMatchObject({ commit: id });
});

test.each(['workflow_run', 'repository_dispatch', 'release', 'PUSH', 'toString'])(
  'of another event only the name is read: %s',
  (event) => {
    expect(read(event, '{', { GITHUB_SHA: undefined })).toEqual({ name: 'other', event });
  },
);

describe('an event that cannot be used', () => {
  test.each(['pull_request_target', ''])('is refused by its name: %j', (name) => {
    expect(() => read(name, {})).toThrow(
      new InputError(
        'event (GITHUB_EVENT_NAME)',
        name,
        'push, pull_request, merge_group, workflow_dispatch, schedule (any other event with both inputs base and ' +
          'head, but pull_request_target, which would run untrusted code with your rights)',
      ),
    );
  });

  test.each([
    ['no payload file is named', 'push', {}, { GITHUB_EVENT_PATH: undefined }, 'GITHUB_EVENT_PATH'],
    ['the payload file is missing', 'push', {}, { GITHUB_EVENT_PATH: '/nowhere' }, 'GITHUB_EVENT_PATH'],
    ['the payload is not JSON', 'push', '{', {}, 'GITHUB_EVENT_PATH'],
    ['the commit is missing', 'push', {}, { GITHUB_SHA: undefined }, 'GITHUB_SHA'],
    ['the commit is no id', 'push', {}, { GITHUB_SHA: '--upload-pack=x' }, 'GITHUB_SHA'],
    ['a pull request has no head', 'pull_request', { pull_request: null }, {}, 'pull_request.head.sha'],
    ['a merge group has no base', 'merge_group', { merge_group: {} }, {}, 'merge_group.base_sha'],
    ['the payload is no object', 'merge_group', 'null', {}, 'merge_group.base_sha'],
  ])('is refused where %s', (_, name, payload, environment, missing) => {
    const reading = () => read(name, payload, environment);
    expect(reading).toThrow(InputError);
    expect(reading).toThrow(missing);
  });
});
