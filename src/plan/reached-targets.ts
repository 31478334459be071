import type { RuleTarget, SourceTarget } from '../graph/target.js';
import type { AffectedTarget, Reason } from './file/plan.js';
import type { Reach, Scope } from './reach.js';

/** A target that a plan lists. */
export type NamedTarget = RuleTarget | SourceTarget;

/** The affected rules and source files, sorted by label. */
export function reachedTargets({ scope, graph }: Reach): NamedTarget[] {
  const reached =
    scope.kind === 'everything'
      ? [...graph.targets()]
      : // The head graph only names the labels of deleted targets; it has no target for them.
        [...scope.affected.labels()].flatMap((label) => graph.get(label) ?? []);
  return reached
    .filter((target) => target.kind === 'rule' || target.kind === 'source')
    .sort((one, other) => (one.label < other.label ? -1 : 1));
}

/** The tests that are not affected and that run because of a tag, each with this tag. */
export function alwaysRun({ scope, graph }: Reach, tags: readonly string[]): Map<RuleTarget, string> {
  const always = new Map<RuleTarget, string>();
  // Most plans name no such tag, and then the targets of the workspace need not be read.
  if (tags.length === 0 || scope.kind === 'everything') return always;
  for (const target of graph.targets()) {
    if (target.kind !== 'rule' || target.test === null || scope.affected.has(target.label)) continue;
    const tag = tags.find((each) => target.tags.includes(each));
    if (tag !== undefined) always.set(target, tag);
  }
  return always;
}

/** The targets as the plan's file lists them, each with its reason. */
export function affectedTargets(targets: readonly NamedTarget[], { scope }: Reach): AffectedTarget[] {
  return targets.flatMap((target): AffectedTarget[] => {
    const reason = reasonOf(target, scope);
    if (reason === null) return [];
    return target.kind === 'rule'
      ? [{ label: target.label, type: 'rule', ruleClass: target.ruleClass, tags: target.tags, reason }]
      : [{ label: target.label, type: 'source', ruleClass: null, tags: [], reason }];
  });
}

function reasonOf(target: NamedTarget, scope: Scope): Reason | null {
  if (scope.kind === 'everything')
    return { kind: 'everything', change: scope.because.change, path: [target.label] };
  const cause = scope.affected.causeOf(target.label);
  return cause === undefined ? null : { kind: cause.seed.kind, change: cause.seed.change, path: cause.path };
}
