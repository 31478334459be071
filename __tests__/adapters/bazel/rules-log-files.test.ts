import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { writeFileSync } from 'node:fs';
import { RulesLogFiles } from '../../../src/adapters/bazel/rules-log-files.js';
import { RulesLogError } from '../../../src/formats/rules-log.js';
import { loggedEvent } from '../../support/rules-log.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

/** Does what Bazel does in a call with these options. */
function log(options: readonly string[], bytes: Buffer): void {
  const [, file = ''] = /^--experimental_workspace_rules_log_file=(.*)$/.exec(options[0] ?? '') ?? [];
  writeFileSync(file, bytes);
}

test('each call logs into a file of its own, and all count', () => {
  const files = new RulesLogFiles(temporary.path);
  log(files.nextOptions(), loggedEvent('read', { 1: '/w/one' }));
  log(files.nextOptions(), Buffer.alloc(0));
  log(files.nextOptions(), loggedEvent('read', { 1: '/w/two' }));
  expect(files.steps().flatMap(({ texts }) => texts)).toEqual(['/w/one', '/w/two']);
});

test('a call that left no file is an error, because what it did is unknown', () => {
  const files = new RulesLogFiles(temporary.path);
  files.nextOptions();
  expect(() => files.steps()).toThrow(RulesLogError);
});
