import { expect, test } from '@jest/globals';
import { QueryOutputError } from '../../src/formats/query-proto.js';
import { parseResolvedRegistrations } from '../../src/formats/resolved-registrations.js';

function resolved(toolchains: string, platforms = ''): string {
  const entry = (name: string, patterns: string): string =>
    `{"original_rule_class": "${name}", "original_attributes": {"name": "//external/${name}", "*args": [${patterns}]}, "native": "${name}()"}`;
  return `resolved = [\n  {"original_rule_class": "bind", "original_attributes": {"name": "x", "actual": "@@one//:x"}},\n  ${entry('register_toolchains', toolchains)},\n  ${entry('register_execution_platforms', platforms)}\n]\n`;
}

test('registrations are listed in their order, as the code wrote them', () => {
  expect(parseResolvedRegistrations(resolved('"@one//:all", "//tools:tc"', '"@two//:p"'))).toEqual([
    { function: 'register_toolchains', patterns: ['@one//:all', '//tools:tc'], isForDevelopment: false },
    { function: 'register_execution_platforms', patterns: ['@two//:p'], isForDevelopment: false },
  ]);
});

test('there may be no registration', () => {
  expect(parseResolvedRegistrations(resolved('')).map(({ patterns }) => patterns)).toEqual([[], []]);
});

test.each(['', 'resolved = [', 'resolved = []\n', resolved('1'), resolved('').replace('*args', 'args')])(
  'a file that does not say them is an error',
  (text) => {
    expect(() => parseResolvedRegistrations(text)).toThrow(QueryOutputError);
  },
);
