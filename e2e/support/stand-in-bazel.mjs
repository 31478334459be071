/**
 * Answers a leg in place of Bazel: it writes the build events of all targets that it is called for, without building any.
 * All targets are built or pass. If a file in the workspace says `exit 1`, all tests fail.
 *
 *   node stand-in-bazel.mjs CALLS DECIDING_FILE STARTUP_OPTION… (test | build | run) OPTION… [-- LABEL…]
 *
 * CALLS gets a line of JSON for each call: the command and the number of its targets. A call with `--script_path` runs nothing, and is
 * left out.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const [calls = '', decidingFile = '', ...args] = process.argv.slice(2);
const command = args.find((arg) => !arg.startsWith('-')) ?? '';
const fails = command === 'test' && /^exit 1$/m.test(contentOf(decidingFile));
const patternFile = option('target_pattern_file');
const labels =
  patternFile === undefined
    ? args.slice(args.indexOf('--') + 1)
    : readFileSync(patternFile, 'utf8').split('\n').filter(Boolean);
const script = option('script_path');
if (script !== undefined) {
  writeScript(script, labels);
  process.exit();
}
const eventFile = option('build_event_json_file') ?? '';
const log = path.join(path.dirname(eventFile), 'test.log');
writeFileSync(log, 'expected 1, got 2\n');
const events = labels.flatMap((label) => [
  { id: { targetCompleted: { label } }, completed: { success: true } },
  ...(command === 'test' ? testEvents(label) : []),
]);
writeFileSync(eventFile, events.map((event) => `${JSON.stringify(event)}\n`).join(''));
appendFileSync(calls, `${JSON.stringify({ command, targets: labels.length })}\n`);
process.exitCode = fails ? 3 : 0;

/**
 * Writes what `bazel run --script_path` leaves: the script, and a program with runfiles.
 *
 * @param {string} file
 * @param {readonly string[]} labels
 */
function writeScript(file, labels) {
  const program = `${file}.program`;
  mkdirSync(`${program}.runfiles/_main`, { recursive: true });
  writeFileSync(program, labels.join('\n'));
  const lines = [`cd ${program}.runfiles/_main && \\`, '  exec env \\', `  ${program} "$@"`];
  writeFileSync(file, `#!/bin/bash\n${lines.join('\n')}`);
}

/** @param {string} label */
function testEvents(label) {
  const status = fails ? 'FAILED' : 'PASSED';
  return [
    {
      id: { testResult: { label, run: 1, shard: 1, attempt: 1 } },
      testResult: {
        status,
        testAttemptDuration: '0.029s',
        testActionOutput: [{ name: 'test.log', uri: pathToFileURL(log).href }],
      },
    },
    {
      id: { testSummary: { label } },
      testSummary: { overallStatus: status, totalRunCount: 1, runCount: 1, attemptCount: 1 },
    },
  ];
}

/** @param {string} name */
function option(name) {
  return args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
}

/** @param {string} file */
function contentOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
