import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';

/** Writes down each call in the file that stands beside it, whatever environment it is called with. */
const GUARD = `#!/bin/sh
echo "$0 $*" >>"$(dirname "$0")/calls"
echo 'A test started Bazel, which only files that end in .bazel.test.ts may do.' >&2
exit 1
`;

/**
 * The environment of a test file that needs no Bazel. `BAZEL` and the first folder of the `PATH` lead to a script that
 * fails; a file that calls it fails as a whole, even where its tests expect a command to fail.
 */
export default class EnvironmentWithoutBazel extends TestEnvironment {
  /**
   * @param {import('@jest/environment').JestEnvironmentConfig} config
   * @param {import('@jest/environment').EnvironmentContext} context
   */
  constructor(config, context) {
    const outside = { BAZEL: process.env['BAZEL'], PATH: process.env['PATH'] };
    const folder = mkdtempSync(join(tmpdir(), 'without-bazel-'));
    for (const name of ['bazel', 'bazelisk']) writeFileSync(join(folder, name), GUARD, { mode: 0o755 });
    // The process itself and not only what tests see of it: a program is started with the environment of the process.
    process.env['BAZEL'] = join(folder, 'bazel');
    process.env['PATH'] = [folder, outside.PATH].join(delimiter);
    super(config, context);
    this.folder = folder;
    this.outside = outside;
    this.testPath = context.testPath;
  }

  /** @override */
  async teardown() {
    await super.teardown();
    for (const [name, value] of Object.entries(this.outside)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    const calls = join(this.folder, 'calls');
    const called = existsSync(calls) ? readFileSync(calls, 'utf8') : '';
    rmSync(this.folder, { recursive: true });
    if (called !== '')
      throw new Error(`${this.testPath} is not named .bazel.test.ts, but starts Bazel:\n${called}`);
  }
}
