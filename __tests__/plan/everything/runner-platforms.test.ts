import { expect, test } from '@jest/globals';
import type { RunsOn } from '../../../src/plan/legs/leg.js';
import { platformsOfLegs } from '../../../src/plan/everything/runner-platforms.js';

test.each<[RunsOn, Readonly<Record<string, RunsOn>>, readonly string[]]>([
  ['ubuntu-latest', {}, ['linux']],
  ['macos-15', {}, ['macos', 'linux']],
  ['windows-2025', { mac: ['self-hosted', 'macOS'] }, ['windows', 'macos', 'linux']],
  [['self-hosted', 'Linux', 'X64'], {}, ['linux']],
  ['my-runner', {}, ['linux', 'macos', 'windows']],
  ['ubuntu-24.04', { gpu: 'gpu' }, ['linux', 'macos', 'windows']],
])('legs on %j and %j may have the systems %j', (runsOn, runners, platforms) => {
  expect(platformsOfLegs({ runsOn, runners: new Map(Object.entries(runners)) }, 'linux')).toEqual(platforms);
});

test('legs may run where the plan is made', () => {
  const rules = { runsOn: 'ubuntu-latest', runners: new Map() };
  expect(platformsOfLegs(rules, 'darwin')).toEqual(['linux', 'macos']);
  expect(platformsOfLegs(rules, 'freebsd')).toEqual(['linux', 'freebsd']);
});
