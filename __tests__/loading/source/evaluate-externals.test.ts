import { describe, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { Bazel } from '../../../src/adapters/bazel/bazel.js';
import { evaluateExternals, UnrecordedError } from '../../../src/loading/source/evaluate-externals.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

describe('external repositories are not evaluated for a record', () => {
  test('if Bazel works in an output base of its own choice, where it may have evaluated them before', async () => {
    const temporary = new TemporaryFolder();
    const program = temporary.join('bazel');
    writeFileSync(program, `#!/bin/sh\necho ${temporary.join('elsewhere')}\n`, { mode: 0o755 });
    const options = { command: program, startupOptions: [], queryOptions: [] };
    const room = new TemporaryFolder();
    const bazel = new Bazel(options, temporary.path, room.path, 'ours, without a lock file');
    await expect(
      evaluateExternals(bazel, () => Promise.reject(new Error('nothing is read'))),
    ).rejects.toThrow(UnrecordedError);
    room.remove();
    temporary.remove();
  });
});
