import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { finishedExitCode, QueryAnswer } from '../../../src/adapters/bazel/query-answer.js';
import { QueryOutputError } from '../../../src/formats/query-proto.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

/** A source file `//a:BUILD`, as blaze_query.Target with its length before it. */
const BUILD_FILE = Buffer.from('\x0f\x08\x02\x1a\x0b\x0a\x09//a:BUILD', 'latin1');

let temporary: TemporaryFolder;
let folder: string;

beforeAll(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
});

afterAll(() => {
  temporary.remove();
});

function file(content: string | Buffer): string {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return path;
}

function read(...chunks: readonly Buffer[]): string[] {
  const answer = new QueryAnswer('streamed_proto');
  for (const chunk of chunks) answer.push(chunk);
  answer.end();
  return answer.targets.map(({ label }) => label);
}

describe('an answer', () => {
  test('is its targets, from a stream as from a file', async () => {
    expect(read(BUILD_FILE, BUILD_FILE.subarray(0, 3), BUILD_FILE.subarray(3))).toEqual([
      '//a:BUILD',
      '//a:BUILD',
    ]);
    const answer = new QueryAnswer('streamed_proto');
    await answer.readFile(file(BUILD_FILE));
    expect(answer.targets).toHaveLength(1);
  });

  test('that was never written is an error', async () => {
    await expect(new QueryAnswer('streamed_proto').readFile(join(folder, 'none'))).rejects.toThrow(
      /^Bazel wrote no answer to .*none, although --output_file was set$/,
    );
  });

  test('that was cut is an error', () => {
    expect(() => read(BUILD_FILE.subarray(0, -1))).toThrow(QueryOutputError);
  });

  test('with lines of a wrapper before or after it is an error that names them', () => {
    const line = Buffer.from('Using Bazel 7\n');
    const message = 'Bazel\'s output holds "Using Bazel 7" in the place of targets';
    expect(() => read(Buffer.concat([line, BUILD_FILE]))).toThrow(message);
    expect(() => read(BUILD_FILE, line)).toThrow(message);
  });
});

describe('the end of a call in the words of Bazel', () => {
  test.each([
    ['{"id":{"started":{}}}\n{"id":{"buildFinished":{}},"finished":{"exitCode":{"name":"SUCCESS"}}}\n', 0],
    ['{"id":{"buildFinished":{}},"finished":{"exitCode":{"name":"ANALYSIS_FAILURE","code":7}}}\n', 7],
    ['{"id":{"started":{}}}\n', null],
    ['{"id":{"started":{}}}\n{"id":{},"finis', null],
    ['nonsense\nnonsense\n', null],
    ['', null],
  ])('%j is exit code %j', async (content, exitCode) => {
    expect(await finishedExitCode(file(content))).toBe(exitCode);
  });

  test('is unknown where Bazel wrote nothing', async () => {
    expect(await finishedExitCode(join(folder, 'none'))).toBeUndefined();
  });
});
