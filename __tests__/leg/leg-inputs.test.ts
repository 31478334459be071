import { describe, expect, test } from '@jest/globals';
import { InputError } from '../../src/text/input-error.js';
import { parseLegInputs, type LegInputName, type LegInputs } from '../../src/leg/leg-inputs.js';

const LEG = '{"name":"//a:a","mode":"test","runs-on":"u","index":0,"targets":["//a:a"]}';

function inputs(given: Partial<Record<LegInputName, string>> = {}): LegInputs {
  return parseLegInputs((name) => ({ leg: LEG, ...given })[name] ?? '');
}

describe("the run action's inputs", () => {
  test('have defaults', () => {
    expect(inputs()).toMatchObject({
      planArtifact: null,
      workspace: '',
      bazel: 'bazel',
      flags: [],
      rcLines: [],
    });
  });

  test('give a leg the flags of all modes, and then those of its own', () => {
    const given = { 'bazel-flags': '--config=ci', 'test-flags': '--test_env="A=b c"', 'build-flags': '--x' };
    expect(inputs(given).flags).toEqual(['--config=ci', '--test_env=A=b c']);
  });

  test('give the own tests of a release the flags of tests', () => {
    const given = {
      leg: LEG.replace('"test"', '"release"'),
      'bazel-flags': '--config=ci',
      'test-flags': '--test_env=A',
      'release-flags': '--stamp',
    };
    expect(inputs(given)).toMatchObject({
      flags: ['--config=ci', '--stamp'],
      testFlags: ['--config=ci', '--test_env=A'],
    });
  });

  test('name a part only of legs that release', () => {
    const release = LEG.replace('"test"', '"release"');
    expect(inputs().part).toBe('all');
    expect(inputs({ leg: release, part: 'own-tests' }).part).toBe('own-tests');
    expect(() => inputs({ part: 'release' })).toThrow(InputError);
    expect(() => inputs({ leg: release, part: 'tests' })).toThrow('all, own-tests, release');
  });

  test('force releases or not', () => {
    expect(inputs().releaseForce).toBe(false);
    expect(inputs({ 'release-force': ' true ' }).releaseForce).toBe(true);
    expect(() => inputs({ 'release-force': 'yes' })).toThrow('true or false');
  });

  test('join the open and the secret lines of the rc file', () => {
    const given = { bazelrc: 'build --a\n\ntest --b\n', 'secret-bazelrc': 'build --remote_header=key' };
    expect(inputs(given).rcLines).toEqual(['build --a', 'test --b', 'build --remote_header=key']);
  });

  test('read the environment as lines, with whatever stands after the first =', () => {
    expect([...inputs({ environment: 'TOKEN=a=b\nEMPTY=\n' }).environment]).toEqual([
      ['TOKEN', 'a=b'],
      ['EMPTY', ''],
    ]);
  });

  test('name as secret the values of the environment, and the secret lines with what their options are set to', () => {
    const given = {
      bazelrc: 'build --config=public',
      'secret-bazelrc':
        'build --remote_header=x-api-key=k3y-and-lock --x=true\n' +
        'build --remote_header="Authorization=Bearer t0ken-of-it" --remote_cache=https://me:passw0rd@host',
      environment: 'TOKEN=a-t0ken\nSHORT=t\nEMPTY=',
      'github-token': 'the-jobs-t0ken',
    };
    expect(inputs(given).secrets).toEqual([
      'a-t0ken',
      'build --remote_header=x-api-key=k3y-and-lock --x=true',
      'x-api-key=k3y-and-lock',
      'k3y-and-lock',
      'build --remote_header="Authorization=Bearer t0ken-of-it" --remote_cache=https://me:passw0rd@host',
      'Authorization=Bearer t0ken-of-it',
      'Bearer t0ken-of-it',
      'https://me:passw0rd@host',
      't0ken-of-it',
      't0ken-of-it',
      'passw0rd',
      'the-jobs-t0ken',
    ]);
  });

  test('never show a line of the environment that cannot be read', () => {
    const wrong = () => inputs({ environment: 'A=b\nsecret-without-a-name' });
    expect(wrong).toThrow('input environment: "line 2" cannot be used');
    expect(wrong).not.toThrow('secret-without');
  });

  test.each([
    ['leg', ''],
    ['leg', '[]'],
    ['plan-artifact', '../../elsewhere'],
    ['plan-artifact', 'bazel-affected-plan-a b'],
    ['workspace', '../outside'],
    ['bazel-flags', '//a:b'],
  ] as const)('refuse %s: %j', (name, value) => {
    expect(() => inputs({ [name]: value })).toThrow(InputError);
  });
});
