import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  childEnvironment,
  environmentDigest,
  environmentWithoutAccess,
} from '../../../src/adapters/process/environment.js';

const before = process.env;

beforeEach(() => {
  process.env = {
    PATH: '/bin',
    GITHUB_SHA: 'abc',
    'INPUT_GITHUB-TOKEN': 't0ken',
    STATE_x: 'x',
    ACTIONS_RUNTIME_TOKEN: 'r',
    ACTIONS_RESULTS_URL: 'u',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'i',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'i',
    GITHUB_ENV: 'f',
    GITHUB_OUTPUT: 'f',
    GITHUB_PATH: 'f',
    GITHUB_STATE: 'f',
    GITHUB_STEP_SUMMARY: 'f',
    GITHUB_TOKEN: 'of the caller',
    GH_TOKEN: 'of the caller',
    BAZELISK_GITHUB_TOKEN: 't0ken',
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from('x-access-token:t0ken').toString('base64')}`,
  };
});

afterEach(() => {
  process.env = before;
});

test('what a leg runs has nothing of the action itself, and no file to leave commands in', () => {
  expect(Object.keys(childEnvironment())).toEqual([
    'PATH',
    'GITHUB_SHA',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'GITHUB_STEP_SUMMARY',
    'GITHUB_TOKEN',
    'GH_TOKEN',
    'BAZELISK_GITHUB_TOKEN',
    'GIT_CONFIG_VALUE_0',
  ]);
});

describe('the Bazel of a plan', () => {
  test("has no token in a job, by whatever name the action's own goes", () => {
    process.env.GITHUB_ACTIONS = 'true';
    expect(Object.keys(environmentWithoutAccess())).toEqual(['PATH', 'GITHUB_SHA', 'GITHUB_ACTIONS']);
  });

  test("has the developer's own on their machine", () => {
    expect(environmentWithoutAccess()).toMatchObject({ GH_TOKEN: 'of the caller' });
  });
});

test('the digest of the environment differs with each variable, but not with those of the shell’s own commands', () => {
  const known = environmentDigest();
  for (const name of ['_', 'PWD', 'OLDPWD', 'SHLVL']) process.env[name] = 'another';
  expect(environmentDigest()).toBe(known);
  process.env.CC = 'clang';
  expect(environmentDigest()).not.toBe(known);
});
