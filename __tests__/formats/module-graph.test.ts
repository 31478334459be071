import { expect, test } from '@jest/globals';
import { parseModuleGraph } from '../../src/formats/module-graph.js';
import { ModuleOutputError } from '../../src/formats/repository-definitions.js';

function module(key: string, apparentName: string, parts: object = {}): object {
  return { key, name: key.replace(/@.*/, ''), version: '', apparentName, ...parts };
}

/** As Bazel 7.7.1 prints it, shortened: each module is expanded once, and cycles are listed apart. */
const OUTPUT = JSON.stringify(
  module('<root>', 'shop', {
    dependencies: [
      module('bazel_tools@_', 'bazel_tools', {
        dependencies: [
          module('platforms@_', 'platforms', {
            dependencies: [],
            indirectDependencies: [],
            cycles: [module('bazel_tools@_', 'bazel_tools', { unexpanded: true })],
          }),
        ],
      }),
      module('two@_', 'second', {
        dependencies: [
          module('bazel_tools@_', 'bazel_tools', { unexpanded: true }),
          module('b@1', 'b1'),
          module('b@2', 'b2'),
        ],
        cycles: [module('<root>', 'shop', { unexpanded: true })],
      }),
    ],
  }),
);

test('each module has its dependencies with what it calls them, those of cycles as well', () => {
  const { root, dependencies } = parseModuleGraph(OUTPUT);
  expect(root).toBe('<root>');
  expect(
    [...dependencies].map(([key, found]) => [
      key,
      found.map((each) => `${each.apparentName}=${each.key}`).join(' '),
    ]),
  ).toEqual([
    ['<root>', 'bazel_tools=bazel_tools@_ second=two@_'],
    ['bazel_tools@_', 'platforms=platforms@_'],
    ['two@_', 'bazel_tools=bazel_tools@_ b1=b@1 b2=b@2 shop=<root>'],
    ['platforms@_', 'bazel_tools=bazel_tools@_'],
    ['b@1', ''],
    ['b@2', ''],
  ]);
});

test.each(['', '[]', '{"dependencies": []}', '{"key": "<root>", "dependencies": [{"key": "a@1"}]}'])(
  'another output is an error: %s',
  (output) => {
    expect(() => parseModuleGraph(output)).toThrow(ModuleOutputError);
  },
);
