import type { Label } from './label.js';

/** A test's size, in Bazel's words. */
export type TestSize = 'small' | 'medium' | 'large' | 'enormous';

/** A test's timeout, in Bazel's words. */
export type TestTimeout = 'short' | 'moderate' | 'long' | 'eternal';

/** The attributes of a test rule that scheduling needs. */
export interface TestTraits {
  readonly size: TestSize;
  readonly timeout: TestTimeout;
}

/** A rule with its definition digest and its inputs. */
export interface RuleTarget {
  readonly kind: 'rule';
  readonly label: Label;
  readonly ruleClass: string;
  /**
   * Digest of the rule class, the attributes as written (selects unresolved), the implementation, and the package's
   * features.
   */
  readonly definition: string;
  readonly tags: readonly string[];
  /** The labels that the rule depends on, including implicit ones and the package groups of its visibility. */
  readonly inputs: readonly Label[];
  /** Null if the rule is not a test. */
  readonly test: TestTraits | null;
  /**
   * What a `toolchain` rule stands for: more than one label if a `select` decides. Bazel's query does not print these
   * edges.
   */
  readonly toolchains: readonly Label[];
  /** Whether this is a build setting. Transitions read build settings without an edge. */
  readonly buildSetting: boolean;
  /** Whether `bazel run` can run it. */
  readonly executable: boolean;
  /** Whether the rule is implemented in Starlark. Its definition digest then covers the bytes of .bzl files. */
  readonly starlark: boolean;
  /** The constraints that it needs of a platform in every configuration (`target_compatible_with`). */
  readonly constraints: readonly Label[];
}

/** A file or folder that a BUILD file names. Its content is not part of the graph. */
export interface SourceTarget {
  readonly kind: 'source';
  readonly label: Label;
  /** Digest of the file's definition in the package: its visibility. */
  readonly definition: string;
  /** The package groups of its visibility. */
  readonly inputs: readonly Label[];
}

/** A file that a rule makes. */
export interface GeneratedTarget {
  readonly kind: 'generated';
  readonly label: Label;
  readonly generatingRule: Label;
}

/** A package group. */
export interface PackageGroupTarget {
  readonly kind: 'package group';
  readonly label: Label;
  readonly definition: string;
  /** The package groups that it includes. */
  readonly inputs: readonly Label[];
}

/** A group of environments. It defines which of them its rules have by default, although no rule names it. */
export interface EnvironmentGroupTarget {
  readonly kind: 'environment group';
  readonly label: Label;
  readonly definition: string;
  /** Its environments. */
  readonly inputs: readonly Label[];
}

export type Target =
  RuleTarget | SourceTarget | GeneratedTarget | PackageGroupTarget | EnvironmentGroupTarget;

/** The labels that a target directly depends on, in Bazel's order. */
export function inputsOf(target: Target): readonly Label[] {
  return target.kind === 'generated' ? [target.generatingRule] : target.inputs;
}
