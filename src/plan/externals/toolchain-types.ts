import type { Label } from '../../graph/label.js';
import { canonicalLabel, type RepositoryMapping } from '../../graph/repository.js';
import { inputsOf, type Target } from '../../graph/target.js';
import { reorderedText, type Reordered } from './registrations.js';

/** Looks up targets, given as patterns with canonical names. What does not load is missing. */
export type FindTargets = (patterns: readonly Label[]) => Promise<readonly Target[]>;

/** More aliases than this behind each other count as unknown. */
const MOST_ALIASES = 8;

/**
 * Why the order of modules can matter: toolchains compete only with others of the same type, and execution platforms with
 * each other. Null if it cannot.
 *
 * @param mapping of the main repository, which names the labels of the targets
 */
export async function orderThatMatters(
  reordered: readonly Reordered[],
  find: FindTargets,
  mapping: RepositoryMapping,
): Promise<string | null> {
  const certain = reordered.find(
    ({ patterns, arePlatforms }) => arePlatforms || patterns.some((each) => each === null),
  );
  if (certain !== undefined) return reorderedText(certain);
  const patterns = new Set(reordered.flatMap((each) => each.patterns.flatMap((one) => one ?? [])));
  const types = await typesOf([...patterns], find, mapping);
  for (const each of reordered) {
    const [one, other] = each.patterns.map((list) =>
      (list ?? []).map((pattern) => types.get(pattern) ?? null),
    );
    if (one?.length === 0 || other?.length === 0) continue;
    const areApart = one?.every((types) => other?.every((others) => haveNoneInCommon(types, others)));
    if (areApart !== true) return reorderedText(each);
  }
  return null;
}

/** Null stands for what is not known. */
function haveNoneInCommon(one: ReadonlySet<Label> | null, other: ReadonlySet<Label> | null): boolean {
  return one !== null && other !== null && ![...one].some((type) => other.has(type));
}

/** The types of the toolchains that patterns register; null for a pattern of which that is not known. */
async function typesOf(
  patterns: readonly Label[],
  find: FindTargets,
  mapping: RepositoryMapping,
): Promise<Map<Label, ReadonlySet<Label> | null>> {
  const canonical = (label: Label): Label => canonicalLabel(label, mapping);
  const known = new Map<Label, Target>();
  const lookUp = async (wanted: readonly Label[]): Promise<void> => {
    if (wanted.length === 0) return;
    for (const target of await find(wanted)) known.set(canonical(target.label), target);
  };
  await lookUp(patterns);
  const registered = new Map(patterns.map((pattern) => [pattern, toolchainsOf(pattern, known)]));
  let inputs = [...registered.values()].flatMap((labels) => labels ?? []);
  for (let round = 0; round < MOST_ALIASES; round++) {
    const next = inputs.flatMap((label) => inputsOfMeant(known.get(label))).map(canonical);
    inputs = [...new Set(next)];
    await lookUp(inputs.filter((label) => !known.has(label)));
  }
  const typesBehind = (label: Label, depth: number): readonly Label[] | null => {
    const target = known.get(label);
    if (target === undefined || depth > MOST_ALIASES) return null;
    if (target.kind === 'rule' && target.ruleClass === 'toolchain_type') return [label];
    const found = inputsOfMeant(target).map((input) => typesBehind(canonical(input), depth + 1));
    return found.every((each) => each !== null) ? found.flat() : null;
  };
  return new Map(
    [...registered].map(([pattern, labels]) => {
      const found = labels?.map((label) => {
        const types = typesBehind(label, 0);
        // A toolchain without a type is something that is not understood.
        return types?.length === 0 && isRule(known.get(label), 'toolchain') ? null : types;
      });
      const areKnown = found?.every((each) => each !== null) === true;
      return [pattern, areKnown ? new Set(found.flat()) : null];
    }),
  );
}

/** A toolchain depends on its type, and an alias on what it means. */
function inputsOfMeant(target: Target | undefined): readonly Label[] {
  return target !== undefined && isRule(target, 'toolchain', 'alias') ? inputsOf(target) : [];
}

function isRule(target: Target | undefined, ...classes: readonly string[]): boolean {
  return target?.kind === 'rule' && classes.includes(target.ruleClass);
}

/**
 * What a pattern may register; null if that is not known. Of all targets of a package, Bazel registers only the
 * toolchains. By its name, anything that stands for one can be registered.
 */
function toolchainsOf(pattern: Label, known: ReadonlyMap<Label, Target>): Label[] | null {
  const [, matching] = /^(.*?)(?:\/?\.\.\.(?::.*)?|:(?:all|\*|all-targets))$/.exec(pattern) ?? [];
  // A target may be called `all`, and then the pattern means only that one.
  const prefix = known.has(pattern) ? undefined : matching;
  const name = pattern.includes(':') ? pattern : (`${pattern}:${pattern.replace(/^.*\//, '')}` as Label);
  const isDeep = pattern.includes('...');
  const matched = [...known].filter(([label]) => {
    if (prefix === undefined) return label === name;
    if (!label.startsWith(prefix)) return false;
    return isDeep || label.charAt(prefix.length) === ':';
  });
  // A pattern of which only the beginning is known counts as all that begins like it, and may be the name of an alias.
  const classes = isDeep ? ['toolchain', 'alias'] : ['toolchain'];
  const registered = matched.filter(([, target]) => isRule(target, ...classes));
  if (matched.length === 0 || (prefix === undefined && registered.length === 0)) return null;
  return registered.map(([label]) => label);
}
