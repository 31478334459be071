import type { Label } from './label.js';

/** Test size: Bazel's own words. */
export type TestSize = 'small' | 'medium' | 'large' | 'enormous';

/** Test timeout: Bazel's own words. */
export type TestTimeout = 'short' | 'moderate' | 'long' | 'eternal';

/** What a scheduler has to know of a rule that can be tested. */
export interface TestTraits {
  readonly size: TestSize;
  readonly timeout: TestTimeout;
}

/** A rule with its definition digest and its inputs. */
export interface RuleTarget {
  readonly kind: 'rule';
  readonly label: Label;
  readonly ruleClass: string;
  /** Digest of the rule class, its attributes as written (selects unresolved), its implementation and its package's features. */
  readonly definition: string;
  readonly tags: readonly string[];
  /** Labels that the rule reads, implicit ones and the package groups of its visibility included. */
  readonly inputs: readonly Label[];
  /** Only on test rules. */
  readonly test: TestTraits | null;
  /** What a `toolchain` rule stands for: an edge that Bazel's query does not print. */
  readonly toolchain: Label | null;
  /** Whether this is a build setting: transitions read those without an edge. */
  readonly buildSetting: boolean;
}

/** A file (or a folder) that a BUILD file names. Its content is not in the graph. */
export interface SourceTarget {
  readonly kind: 'source';
  readonly label: Label;
  /** Digest of what the package says of the file: its visibility. */
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

/** A group of environments: it says which of them its rules are for by default, and no rule names it. */
export interface EnvironmentGroupTarget {
  readonly kind: 'environment group';
  readonly label: Label;
  readonly definition: string;
  /** Its environments. */
  readonly inputs: readonly Label[];
}

export type Target =
  RuleTarget | SourceTarget | GeneratedTarget | PackageGroupTarget | EnvironmentGroupTarget;

/** The labels that a target depends on directly, in the order that Bazel prints them. */
export function inputsOf(target: Target): readonly Label[] {
  return target.kind === 'generated' ? [target.generatingRule] : target.inputs;
}
