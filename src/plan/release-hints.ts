import type { Graph } from '../graph/graph.js';
import type { RuleTarget } from '../graph/target.js';
import { plural } from '../text/plural.js';
import type { PlanInputs } from './plan-inputs.js';

type ReleaseInputs = Pick<PlanInputs, 'releaseKinds' | 'isReleaseKind' | 'excludeTags'>;

/** How many rule classes a note names. */
const MOST_CLASSES = 5;

/** Words in the class, the name or a tag of a rule that publishes something. */
const OF_RELEASES = /^(?:push|publish|publisher|deploy|release|apply|deliver|deliverable)$/;

/** The class of releases for a laptop, as the Bazel module of this project calls it. */
export const DEV_KIND = 'artifact_dev_release';

/**
 * Notes for releases that the inputs miss: if no rule has a class of `release-kinds`, the classes that look like releases; and
 * releases that the tag `manual` leaves out, because rule sets tag their publishers so.
 *
 * @param graph of the head, whose targets have all been read
 */
export function releaseHints(graph: Graph, inputs: ReleaseInputs): string[] {
  const rules = [...graph.targets()]
    .filter((target) => target.kind === 'rule')
    .filter(({ test }) => test === null);
  const releases = rules.filter(({ ruleClass }) => inputs.isReleaseKind(ruleClass));
  const programs = rules.filter(({ executable }) => executable);
  return releases.length === 0 ? similarClasses(programs, inputs) : hiddenByTag(releases, inputs);
}

function similarClasses(programs: readonly RuleTarget[], { releaseKinds }: ReleaseInputs): string[] {
  const similar = programs.filter(looksLikeRelease);
  if (similar.length === 0) return [];
  const byClass = [...Map.groupBy(similar, ({ ruleClass }) => ruleClass)].sort(
    ([, one], [, other]) => other.length - one.length,
  );
  const named = byClass
    .slice(0, MOST_CLASSES)
    .map(([ruleClass, rules]) => `${ruleClass} (${examples(rules)})`);
  return [
    `no rule has the class ${releaseKinds.join(', ')}, so nothing is released. These look like releases: ${named.join(', ')}. ` +
      'To release them, name their classes in the input release-kinds',
  ];
}

function looksLikeRelease({ ruleClass, label, tags }: RuleTarget): boolean {
  const name = label.slice(label.lastIndexOf(':') + 1);
  return [ruleClass, name, ...tags].some((text) =>
    text.split(/[^A-Za-z]+/).some((word) => OF_RELEASES.test(word.toLowerCase())),
  );
}

function hiddenByTag(releases: readonly RuleTarget[], { excludeTags }: ReleaseInputs): string[] {
  // The macros give this tag to what has nothing to run on a laptop.
  const hidden = excludeTags.includes('manual')
    ? releases.filter(({ tags, ruleClass }) => tags.includes('manual') && ruleClass !== DEV_KIND)
    : [];
  if (hidden.length === 0) return [];
  return [
    `the tag manual leaves out ${plural(hidden.length, 'release')}: ${examples(hidden)}. Rule sets give this tag to publishers. ` +
      'To release them, make them steps of an artifact_release, or leave manual out of the input exclude-tags',
  ];
}

function examples(rules: readonly RuleTarget[]): string {
  const [first = '', ...others] = rules.map(({ label }) => label).sort();
  return others.length === 0 ? first : `${first} and ${plural(others.length, 'other')}`;
}
