import { expect, test } from '@jest/globals';
import { parseRepositoryMappings } from '../../src/formats/repository-mappings.js';
import { ModuleOutputError } from '../../src/formats/repository-definitions.js';

test('each line of JSON is the mapping of one repository, in their order', () => {
  const output =
    '{"":"","shop":"","second":"two~","spoke1":"two~~hub~spoke1"}\n' +
    '{"bazel_tools":"bazel_tools","one":"one~"}\n{}\n';
  expect(parseRepositoryMappings(output).map((mapping) => [...mapping])).toEqual([
    [
      ['', ''],
      ['shop', ''],
      ['second', 'two~'],
      ['spoke1', 'two~~hub~spoke1'],
    ],
    [
      ['bazel_tools', 'bazel_tools'],
      ['one', 'one~'],
    ],
    [],
  ]);
});

test('a mapping that is cut off, or has other values, is an error', () => {
  expect(() => parseRepositoryMappings('{"one":"one~"')).toThrow(ModuleOutputError);
  expect(() => parseRepositoryMappings('{"one":1}')).toThrow(ModuleOutputError);
});
