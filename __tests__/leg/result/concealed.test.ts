import { describe, expect, test } from '@jest/globals';
import { parseLabel } from '../../../src/graph/label.js';
import { concealed } from '../../../src/leg/result/concealed.js';
import type { LegResult } from '../../../src/leg/result/leg-result.js';
import { Concealer } from '../../../src/text/concealer.js';

const SAID = 'curl -H "Authorization: Bearer s3cret-long" --user s3cret\n';

const RESULT: LegResult = {
  version: 1,
  leg: { name: '//s3cret:release', mode: 'release', attempt: 1 },
  status: 'failed',
  message: SAID,
  startedAt: '2026-01-01T00:00:00.000Z',
  durationMs: 1,
  targets: [
    {
      label: parseLabel('//s3cret:release'),
      outcome: {
        kind: 'failed to release',
        durationMs: 1,
        message: SAID,
        logs: [{ name: SAID, uri: SAID, tail: SAID }],
        published: [{ name: SAID, digest: 'sha256:x', kind: 'oci' }],
      },
      location: null,
    },
  ],
  bazel: { exitCode: 1, message: SAID },
};

describe('a result', () => {
  const concealer = new Concealer(['s3cret', '', 's3cret-long']);

  test('keeps no secret in what was printed, and its labels as they are', () => {
    const kept = concealed(RESULT, (text) => concealer.conceal(text));
    const hidden = 'curl -H "Authorization: Bearer ***" --user ***\n';
    expect(kept).toEqual({
      ...RESULT,
      message: hidden,
      targets: [
        {
          ...RESULT.targets[0],
          outcome: {
            ...RESULT.targets[0]?.outcome,
            message: hidden,
            logs: [{ name: hidden, uri: hidden, tail: hidden }],
            published: [{ name: hidden, digest: 'sha256:x', kind: 'oci' }],
          },
        },
      ],
      bazel: { exitCode: 1, message: hidden },
    });
  });
});
