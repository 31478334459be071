import type { Label } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';
import type { Mode } from './leg.js';
import { exclusionBy, type TargetPattern } from './patterns.js';

/** What CI does with the targets that a plan selects. */
export type PlanMode = 'test' | 'build' | 'release';

export const PLAN_MODES: readonly PlanMode[] = ['test', 'build', 'release'];

/** The rules by which affected targets become legs, or do not. */
export interface SelectionRules {
  readonly targets: readonly TargetPattern[];
  /** Matches the rule classes that are releases. */
  readonly isReleaseKind: (ruleClass: string) => boolean;
  readonly excludeTags: readonly string[];
  /** `release`: releases are released; `build`: only built; `test`: left out. Tests are run in all three. */
  readonly mode: PlanMode;
}

/** A target that would be run, and the rule that leaves it out. */
export interface Excluded {
  readonly label: Label;
  readonly why: string;
}

export interface Selection {
  readonly chosen: Readonly<Record<Mode, readonly RuleTarget[]>>;
  readonly excluded: readonly Excluded[];
}

/**
 * Sorts affected rules into what is tested, built and released, and what is left out by which rule. Rules that are
 * neither a test nor a release are in no list: they are what tests and releases are made of.
 *
 * @param rules in any order; every list that comes out is sorted by label
 */
export function select(rules: Iterable<RuleTarget>, by: SelectionRules): Selection {
  const chosen: Record<Mode, RuleTarget[]> = { test: [], build: [], release: [] };
  const excluded: Excluded[] = [];
  for (const rule of rules) {
    const kind = legKindOf(rule, by);
    if (kind === null) continue;
    const why = exclusionOf(rule, kind, by);
    if (why !== null) excluded.push({ label: rule.label, why });
    else if (kind === 'test') chosen.test.push(rule);
    else chosen[by.mode === 'release' ? 'release' : 'build'].push(rule);
  }
  for (const list of [chosen.test, chosen.build, chosen.release, excluded]) list.sort(byLabel);
  return { chosen, excluded };
}

type Kind = 'test' | 'test suite' | 'release';

function legKindOf(rule: RuleTarget, by: SelectionRules): Kind | null {
  // A test stays one, however wide the release kinds are: only building it would skip it without a word.
  if (rule.test !== null) return 'test';
  if (rule.ruleClass === 'test_suite') return 'test suite';
  return by.isReleaseKind(rule.ruleClass) ? 'release' : null;
}

function exclusionOf(rule: RuleTarget, kind: Kind, by: SelectionRules): string | null {
  if (kind === 'test suite') return 'a test_suite is not run itself; its tests are';
  const tag = by.excludeTags.find((excluded) => rule.tags.includes(excluded));
  if (tag !== undefined) return `tag ${tag}`;
  const pattern = exclusionBy(by.targets, rule.label);
  if (pattern === '') return 'no target pattern matches it';
  if (pattern !== null) return `target pattern ${pattern}`;
  if (kind === 'release' && by.mode === 'test') return 'mode test: releases are left out';
  return null;
}

function byLabel(one: { readonly label: Label }, other: { readonly label: Label }): number {
  return one.label < other.label ? -1 : one.label > other.label ? 1 : 0;
}
