import { describe, expect, test } from '@jest/globals';
import {
  canonicalLabel,
  mappingGroupOf,
  repositoryOf,
  type CanonicalName,
} from '../../src/graph/repository.js';
import { label } from '../support/builders.js';
import { mappingOf } from '../support/externals.js';

const NAMES = mappingOf({ '': '', shop: '', pip: '_main~pip~pip' });

describe('a label of another repository', () => {
  test.each([
    ['@pip//requests:requests', '@@_main~pip~pip//requests:requests', '_main~pip~pip'],
    ['@@_main~pip~pip//a:b', '@@_main~pip~pip//a:b', '_main~pip~pip'],
    ['@bazel_tools//tools:x', '@@bazel_tools//tools:x', 'bazel_tools'],
    ['@shop//a:b', '//a:b', ''],
    ['//a:b', '//a:b', ''],
  ])('%s has the canonical form %s', (text, canonical, repository) => {
    expect(canonicalLabel(label(text), NAMES)).toBe(canonical);
    expect(repositoryOf(label(text), NAMES)).toBe(repository);
  });
});

describe('the group of repositories with one mapping', () => {
  test.each([
    ['_main~pip~numpy', '_main~pip'],
    ['rules_java~~toolchains~jdk', 'rules_java~~toolchains'],
    ['rules~1.0~ext~made', 'rules~1.0~ext'],
    ['+pip+numpy', '+pip'],
    ['rules++ext+made', 'rules++ext'],
  ])('is that of the extension that defines %s', (name, group) => {
    expect(mappingGroupOf(name as CanonicalName)).toBe(group);
  });

  test.each(['', 'bazel_tools', 'rules_java~', 'rules~1.0', 'rules+', 'rules+2.0'])(
    'is the repository itself for %p, which a module has',
    (name) => {
      expect(mappingGroupOf(name as CanonicalName)).toBe(name);
    },
  );
});
