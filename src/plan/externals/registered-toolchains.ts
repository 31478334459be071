import { isMainRepository, type Label } from '../../graph/label.js';
import {
  canonicalLabel,
  NO_NAMES,
  repositoryOf,
  type CanonicalName,
  type RepositoryMapping,
} from '../../graph/repository.js';
import { inputsOf, type RuleTarget, type Target } from '../../graph/target.js';

/** The registered toolchains and execution platforms of one revision. Labels have canonical names. */
export interface RegisteredToolchains {
  /** What decides how they are resolved: equal texts mean equal toolchains, apart from what stands behind them. */
  readonly resolution: string;
  readonly labels: readonly Label[];
  /** What they stand for. */
  readonly behind: readonly Label[];
}

/**
 * A toolchain is resolved without an edge, so all its dependencies are fetched to compare them. Toolchains for many
 * platforms have a repository each, and then this would take too long.
 */
export const MOST_REPOSITORIES = 8;

/**
 * @param targets in no order; those that are neither toolchains nor platforms do not count
 * @param mapping of the main repository, which names the labels
 */
export function registeredToolchains(
  targets: readonly Target[],
  mapping: RepositoryMapping,
): RegisteredToolchains {
  const canonical = (label: Label): Label => canonicalLabel(label, mapping);
  const registered = targets.filter((target) => target.kind === 'rule').filter(isRegistered);
  const described = registered.map((rule) => ({
    label: canonical(rule.label),
    definition: rule.definition,
    inputs: inputsOf(rule).map(canonical).sort(),
    toolchains: rule.toolchains.map(canonical).sort(),
  }));
  return {
    resolution: JSON.stringify(described.sort((one, other) => (one.label < other.label ? -1 : 1))),
    labels: described.map(({ label }) => label),
    behind: [...new Set(described.flatMap(({ toolchains }) => toolchains))],
  };
}

function isRegistered({ ruleClass }: RuleTarget): boolean {
  // A pattern may also match aliases of these.
  return ['toolchain', 'platform', 'alias'].includes(ruleClass);
}

/**
 * Whether what stands behind toolchains lies in more repositories than can be fetched in reasonable time.
 *
 * @param areThere the repositories that need not be fetched for it
 */
export function areTooMany(labels: readonly Label[], areThere: ReadonlySet<CanonicalName>): boolean {
  const names = repositoriesOf(labels).filter((name) => !areThere.has(name));
  return names.length > MOST_REPOSITORIES;
}

/** The repositories of labels with canonical names, without the main one. */
export function repositoriesOf(labels: readonly Label[]): CanonicalName[] {
  const names = labels
    .filter((label) => !isMainRepository(label))
    .map((label) => repositoryOf(label, NO_NAMES));
  return [...new Set(names)];
}

/**
 * A pattern of registered toolchains of which Bazel found nothing, because it does not load or cannot be fetched; null if
 * there is none. What it stands for cannot be compared.
 *
 * @param patterns with canonical names
 * @param mapping of the main repository, which names the labels of the targets
 */
export function patternWithoutTargets(
  patterns: readonly Label[],
  targets: readonly Target[],
  mapping: RepositoryMapping,
): Label | null {
  const found = targets.map(({ label }) => canonicalLabel(label, mapping));
  const begins = (pattern: Label): string => pattern.replace(/\/?\.\.\.(:.*)?$/, '').replace(/:[^:]*$/, ':');
  return patterns.find((pattern) => !found.some((label) => label.startsWith(begins(pattern)))) ?? null;
}
