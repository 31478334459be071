import type { Graph } from '../graph/graph.js';
import type { RuleTarget } from '../graph/target.js';
import { globMatcher } from './glob-inputs.js';
import { matchingNothing } from './legs/patterns.js';
import { PLAN_INPUTS, type PlanInputs } from './plan-inputs.js';

type NamingInputs = Pick<PlanInputs, 'targets' | 'releaseKinds' | 'isReleaseKind' | 'alwaysTags'> & {
  readonly legs: Pick<PlanInputs['legs'], 'runners'>;
};

/**
 * Notes for names in inputs that match nothing in the workspace, because they may be misspelt. Such a name would
 * silently leave targets out, or have no effect.
 *
 * The rule classes and the tags of a workspace are known only from all its targets. A plan that takes most packages
 * from a snapshot does not read these only for a note, so it checks the target patterns alone.
 *
 * @param graph of the head
 */
export function unmatchedInputs(graph: Graph, inputs: NamingInputs): string[] {
  if (graph.packageCount === 0) return [];
  return [
    ...matchingNothing(inputs.targets, graph).map(
      ({ text }) => `the target pattern ${text} matches nothing in this workspace: is it misspelt?`,
    ),
    ...(graph.isRead ? unmatchedNames(graph, inputs) : []),
  ];
}

function unmatchedNames(
  graph: Graph,
  { releaseKinds, isReleaseKind, alwaysTags, legs }: NamingInputs,
): string[] {
  const rules = [...graph.targets()].filter((target) => target.kind === 'rule');
  const tests = rules.filter((rule) => rule.test !== null);
  const running = rules.filter((rule) => rule.test !== null || isReleaseKind(rule.ruleClass));
  const classes = [...new Set(rules.map((rule) => rule.ruleClass))];
  const kinds = releaseKinds.filter(
    // A workspace without releases leaves the default as it is.
    (kind) => kind !== PLAN_INPUTS['release-kinds'] && !classes.some(globMatcher('release-kinds', [kind])),
  );
  return [
    ...kinds.map((kind) => note('release-kinds', kind, 'rule in this workspace has this class')),
    ...lacking(alwaysTags, tests).map((tag) =>
      note('always-tags', tag, 'test in this workspace has this tag'),
    ),
    ...lacking([...legs.runners.keys()], running).map((tag) =>
      note('runners', tag, 'test and no release in this workspace has this tag'),
    ),
  ];
}

/** The tags that no rule has. */
function lacking(tags: readonly string[], rules: readonly RuleTarget[]): string[] {
  const known = new Set(rules.flatMap((rule) => rule.tags));
  return tags.filter((tag) => !known.has(tag));
}

function note(input: string, name: string, nothing: string): string {
  return `the input ${input} names ${name}, but no ${nothing}: is it misspelt?`;
}
