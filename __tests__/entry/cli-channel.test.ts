import { describe, expect, test } from '@jest/globals';
import { channelOf, confirmReleasesOfCi, releaseKindsOf } from '../../src/entry/cli-channel.js';
import { InputError } from '../../src/text/input-error.js';

describe('the channel', () => {
  test.each([
    [{}, null],
    [{ mode: 'build' }, null],
    [{ mode: 'release' }, 'dev'],
    [{ mode: 'release', channel: 'dev' }, 'dev'],
    [{ mode: 'release', channel: 'ci' }, 'ci'],
    [{ mode: 'release', channel: 'ci', releaseKinds: 'oci_push' }, 'ci'],
  ])('of %j is %s', (options, channel) => {
    expect(channelOf(options)).toBe(channel);
  });

  test.each([
    [{ channel: 'ci' }, 'counts only with --mode release'],
    [{ mode: 'release', channel: 'production' }, 'dev, ci'],
    [{ mode: 'release', releaseKinds: 'oci_push' }, 'names what CI releases'],
  ])('of %j is an error', (options, why) => {
    expect(() => channelOf(options)).toThrow(InputError);
    expect(() => channelOf(options)).toThrow(why);
  });

  test('decides which rule classes are releases', () => {
    expect(['dev', 'ci', null].map((each) => releaseKindsOf(each as 'dev' | 'ci' | null))).toEqual([
      'artifact_dev_release',
      'artifact_ci_release',
      'artifact_ci_release',
    ]);
  });
});

test('without a terminal, releases of CI need a yes on the command line', async () => {
  await expect(confirmReleasesOfCi([], false)).rejects.toThrow(
    'there is no terminal: add --yes if you are sure',
  );
  await expect(confirmReleasesOfCi([], true)).resolves.toBeUndefined();
});
