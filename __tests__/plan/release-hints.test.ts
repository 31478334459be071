import { describe, expect, test } from '@jest/globals';
import type { Target } from '../../src/graph/target.js';
import { parsePlanInputs, type PlanInputName } from '../../src/plan/plan-inputs.js';
import { releaseHints } from '../../src/plan/release-hints.js';
import { graph, rule, testRule } from '../support/builders.js';

function program(name: string, ruleClass: string, tags: readonly string[] = []): Target {
  return rule(name, { ruleClass, tags, executable: true });
}

function hints(targets: readonly Target[], inputs: Partial<Record<PlanInputName, string>> = {}): string[] {
  return releaseHints(
    graph(...targets),
    parsePlanInputs((name) => inputs[name] ?? ''),
  );
}

describe('a workspace without a rule of the release kinds', () => {
  test('has a note that names the classes of programs that look like releases, with examples', () => {
    expect(
      hints([
        program('//b:push', 'oci_push'),
        program('//a:push', 'oci_push'),
        program('//a:prod', 'k8s_apply'),
        program('//a:wheel.publish', 'py_binary', ['manual']),
        program('//a:api', 'sh_binary', ['deliverable']),
        program('//a:server', 'sh_binary'),
        program('//a:load', 'oci_load'),
        program('//a:pushed', 'sh_binary'),
        rule('//a:release', { ruleClass: 'pkg_release' }),
        testRule('//a:push_test', { executable: true }),
      ]),
    ).toEqual([
      'no rule has the class artifact_ci_release, so nothing is released. These look like releases: ' +
        'oci_push (//a:push and 1 other), sh_binary (//a:api), k8s_apply (//a:prod), py_binary (//a:wheel.publish). ' +
        'To release them, name their classes in the input release-kinds',
    ]);
  });

  test('has none if nothing looks like one', () => {
    expect(hints([program('//a:server', 'sh_binary'), testRule('//a:t')])).toEqual([]);
  });
});

describe('a release that the tag manual leaves out', () => {
  const RELEASES = [
    program('//a:ci', 'artifact_ci_release'),
    program('//a:pkg.publish', 'py_publish', ['manual']),
    program('//b:push', 'oci_push'),
  ];

  test('is named, if its class is one of releases', () => {
    expect(hints(RELEASES, { 'release-kinds': 'artifact_ci_release, py_publish' })).toEqual([
      'the tag manual leaves out 1 release: //a:pkg.publish. Rule sets give this tag to publishers. ' +
        'To release them, make them steps of an artifact_release, or leave manual out of the input exclude-tags',
    ]);
  });

  test('is not named if it is for a laptop, because the macros tag so what has nothing to run there', () => {
    const forLaptop = [program('//a:api.dev', 'artifact_dev_release', ['manual']), ...RELEASES];
    expect(hints(forLaptop, { 'release-kinds': 'artifact_dev_release' })).toEqual([]);
  });

  test('is no matter otherwise', () => {
    expect(hints(RELEASES)).toEqual([]);
    const inputs = { 'release-kinds': 'py_publish', 'exclude-tags': 'no-ci' };
    expect(hints(RELEASES, inputs)).toEqual([]);
  });
});
