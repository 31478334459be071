import type { RuleTarget, SourceTarget } from '../graph/target.js';
import type { AffectedTarget, Reason } from './file/plan.js';
import type { Reach, Scope } from './reach.js';

/** A target that a plan names. */
export type NamedTarget = RuleTarget | SourceTarget;

/** The rules and source files that the change reaches, sorted by label. */
export function reachedTargets({ scope, graph }: Reach): NamedTarget[] {
  const reached =
    scope.kind === 'everything'
      ? [...graph.targets()]
      : // Labels that the head graph only names, deleted ones, have no target there.
        [...scope.affected.labels()].flatMap((label) => graph.get(label) ?? []);
  return reached
    .filter((target) => target.kind === 'rule' || target.kind === 'source')
    .sort((one, other) => (one.label < other.label ? -1 : 1));
}

/** The tests that nothing reaches and that run all the same, each with the tag that says so. */
export function alwaysRun({ scope, graph }: Reach, tags: readonly string[]): Map<RuleTarget, string> {
  const always = new Map<RuleTarget, string>();
  // Most plans name no such tag, and need not read every target of the workspace.
  if (tags.length === 0 || scope.kind === 'everything') return always;
  for (const target of graph.targets()) {
    if (target.kind !== 'rule' || target.test === null || scope.affected.has(target.label)) continue;
    const tag = tags.find((each) => target.tags.includes(each));
    if (tag !== undefined) always.set(target, tag);
  }
  return always;
}

/** The targets with the reason of each, as the plan's file has them. */
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
