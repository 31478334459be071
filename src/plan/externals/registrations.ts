import {
  END_OF_FILE,
  registersExecutionPlatforms,
  registersPatterns,
  registersToolchains,
  type Registration,
} from '../../formats/module-calls.js';
import type { Ends } from '../../formats/printed-labels.js';
import { isMainRepository, type Label } from '../../graph/label.js';
import {
  canonicalLabel,
  type CanonicalName,
  MAIN,
  NO_NAMES,
  type RepositoryMapping,
  repositoryOf,
} from '../../graph/repository.js';
import {
  MAIN_MODULE,
  WORKSPACE_MODULE,
  type ExternalModule,
  type Externals,
} from '../../loading/externals/external-repositories.js';
import type { BothExternals } from './changed-repositories.js';

/**
 * The externals of both revisions, in which the calls of a module are known of both if they are known of one and the
 * module did not change. Bazel does not fetch every module, so the file with the calls may be missing.
 */
export function withKnownCalls(
  { before, after }: BothExternals,
  changed: ReadonlySet<CanonicalName>,
): BothExternals {
  const completed = (externals: Externals, other: Externals): Externals => ({
    ...externals,
    modules: new Map(
      [...externals.modules].map(([name, module]) => {
        const twin = other.modules.get(name);
        const isSame = twin?.repository === module.repository && !changed.has(module.repository);
        return [name, isSame && module.calls === null ? { ...module, calls: twin.calls } : module];
      }),
    ),
  });
  return { before: completed(before, after), after: completed(after, before) };
}

/** The repositories of the modules whose calls are not known, among some. */
export function unknownModules(
  { modules }: Externals,
  repositories: ReadonlySet<CanonicalName>,
): CanonicalName[] {
  return [...modules.values()]
    .filter(({ repository, calls }) => calls === null && repository !== MAIN && repositories.has(repository))
    .map(({ repository }) => repository);
}

/** What a revision registers: toolchains and execution platforms. */
export interface Registered {
  /** Patterns with canonical names, of other repositories. */
  readonly patterns: readonly Label[];
  /** Repositories that may register more, because the calls of a module are not known: all that it sees. */
  readonly unknown: ReadonlySet<CanonicalName>;
}

/** What the modules of a revision register in other repositories than the main one, whose own toolchains are in its graph. */
export function registeredIn(externals: Externals): Registered {
  const patterns: Label[] = [];
  const unknown = new Set<CanonicalName>();
  for (const module of externals.modules.values()) {
    const known = patternsOfModule(module, externals, registersPatterns);
    if (known !== null) patterns.push(...known.filter((pattern) => !isMainRepository(pattern)));
    else for (const name of [module.repository, ...mappingOf(module, externals).values()]) unknown.add(name);
  }
  unknown.delete(MAIN);
  return { patterns, unknown };
}

/** The patterns that a module registers in some of its calls, with canonical names; null if they are not known. */
function patternsOfModule(
  module: ExternalModule,
  externals: Externals,
  isWanted: (call: Registration) => boolean,
): Label[] | null {
  return module.calls?.isComplete === true
    ? patternsIn(
        registrationsOf(module).filter(isWanted),
        module.repository,
        mappingOf(module, externals),
        externals,
      )
    : null;
}

function mappingOf({ repository }: ExternalModule, { mappings }: Externals): RepositoryMapping {
  return mappings.get(repository) ?? NO_NAMES;
}

/** The patterns with canonical names; null if nothing is known of one. */
function patternsIn(
  calls: readonly Registration[],
  repository: CanonicalName,
  mapping: RepositoryMapping,
  externals: Externals,
): Label[] | null {
  const patterns = calls.flatMap((each) => each.patterns);
  if (!patterns.every((pattern) => pattern !== null)) return null;
  return patterns.flatMap((pattern) =>
    typeof pattern === 'string'
      ? [canonicalPattern(pattern.replace(/^-/, ''), repository, mapping)]
      : patternsWith(pattern, repository, mapping, externals),
  );
}

/** All that a pattern may stand for of which only the start and the end are known. */
function patternsWith(
  { start, end }: Ends,
  repository: CanonicalName,
  mapping: RepositoryMapping,
  { mappings }: Externals,
): Label[] {
  if (!start.startsWith('@') || start.includes('//')) {
    const known = start.startsWith('@') ? start.slice(0, start.indexOf('//')) : '';
    return [canonicalPattern(`${known}//...`, repository, mapping)];
  }
  // Bazel refuses a second `//`, so what stands before one in the end is the end of the repository's name.
  const at = end.indexOf('//');
  const [ofName, inRepository] = at === -1 ? ['', '//...'] : [end.slice(0, at), end.slice(at)];
  // The unknown part may begin with another `@`.
  const names = [
    ...[...mapping].map(([apparent, canonical]) => [`@${apparent}`, canonical] as const),
    ...[...mappings.keys()].map((canonical) => [`@@${canonical}`, canonical] as const),
  ];
  const fitting = names.filter(
    ([name]) =>
      name.length >= start.length + ofName.length && name.startsWith(start) && name.endsWith(ofName),
  );
  return [
    ...new Set(
      fitting.map(([, canonical]) => canonicalLabel(`@@${canonical}${inRepository}` as Label, NO_NAMES)),
    ),
  ];
}

/** A pattern as it is seen from everywhere: `@x//:all`, `//tools:t`, `:t` or `@x`. */
function canonicalPattern(text: string, repository: CanonicalName, mapping: RepositoryMapping): Label {
  const isOwn = !text.startsWith('@');
  const inRepository = text.includes('//')
    ? text.slice(text.indexOf('//'))
    : isOwn
      ? `//${text}`
      : `//:${text.replace(/^@+/, '')}`;
  const owner = isOwn ? repository : repositoryOf(`${text.replace(/\/\/.*$/s, '')}//` as Label, mapping);
  return (owner === MAIN ? inRepository : `@@${owner}${inRepository}`) as Label;
}

/** Only those of the main module count if they are for development. */
function registrationsOf({ repository, calls }: ExternalModule): readonly Registration[] {
  return (calls?.registrations ?? []).filter((each) => repository === MAIN || !each.isForDevelopment);
}

/**
 * Why toolchains may be resolved otherwise although no repository that contains them changed: modules register others.
 * Null if they do not.
 */
export function otherRegistrations(both: BothExternals): string | null {
  const { before, after } = both;
  for (const name of new Set([...before.modules.keys(), ...after.modules.keys()])) {
    const [old, now] = [before.modules.get(name), after.modules.get(name)];
    // No repository tells whether the main module is the same.
    const isUnknown = name === MAIN_MODULE && old?.calls === null && now?.calls === null;
    if (shown(old) !== shown(now) || isUnknown)
      return `${titleOf(name)} registers other toolchains or execution platforms than before`;
  }
  return null;
}

/** Two modules, of which the other one may come first now, and what they register. */
export interface Reordered {
  readonly modules: readonly [one: string, other: string];
  /** Those of toolchains, with canonical names. Null for a module of which they are not known. */
  readonly patterns: readonly [one: readonly Label[] | null, other: readonly Label[] | null];
  /** Whether both register execution platforms, as far as it is known. */
  readonly arePlatforms: boolean;
}

/**
 * The modules that register something, but perhaps not in the same order as before. Bazel considers toolchains in the
 * order of the modules, which it goes through breadth first from the main one.
 */
export function reorderedModules(both: BothExternals): Reordered[] {
  const { before, after } = both;
  const found: Reordered[] = [];
  const registering = [...after.modules.values()].filter(
    (each) => mayRegister(each) || mayRegister(before.modules.get(each.name)),
  );
  const moved = movedModules(both);
  const [distancesBefore, distancesAfter] = [distances(before), distances(after)];
  const distance = (of: ReadonlyMap<string, number>, { name }: ExternalModule): number => of.get(name) ?? 0;
  for (const [index, one] of registering.entries())
    for (const other of registering.slice(index + 1)) {
      if (!moved.has(one.name) && !moved.has(other.name)) continue;
      // The one that is nearer to the main module comes first.
      const [old, now] = [distancesBefore, distancesAfter].map((of) =>
        Math.sign(distance(of, one) - distance(of, other)),
      );
      if (old === now && now !== 0) continue;
      const registersPlatforms = (module: ExternalModule): boolean =>
        registrationsOf(module).some(registersExecutionPlatforms);
      found.push({
        modules: [one.name, other.name],
        patterns: [
          patternsOfModule(one, after, registersToolchains),
          patternsOfModule(other, after, registersToolchains),
        ],
        arePlatforms: registersPlatforms(one) && registersPlatforms(other),
      });
    }
  return found;
}

/** Says that two modules are considered in another order. */
export function reorderedText({ modules: [one, other] }: Reordered): string {
  return `the toolchains of ${titleOf(one)} may be considered in another order than before beside those of ${titleOf(other)}, because other modules depend on it`;
}

function titleOf(name: string): string {
  if (name === WORKSPACE_MODULE) return 'the code of the WORKSPACE file';
  return name === MAIN_MODULE ? 'the main module' : `the module ${name}`;
}

function shown(module: ExternalModule | undefined): string {
  if (module === undefined) return NO_REGISTRATION;
  if (module.calls === null) return 'unknown';
  const registrations = registrationsOf(module);
  // Where nothing is registered, it does not matter where files end.
  return JSON.stringify([
    registrations.every(({ function: name }) => name === END_OF_FILE) ? [] : registrations,
    module.calls.unread,
  ]);
}

const NO_REGISTRATION = JSON.stringify([[], null]);

function mayRegister(module: ExternalModule | undefined): boolean {
  return (
    module !== undefined &&
    (module.calls?.isComplete !== true || registrationsOf(module).some(registersPatterns))
  );
}

/**
 * The modules of both revisions whose place among the others may differ. A module keeps its place if it is found from
 * the same modules, at the same distance from the main one, and these keep theirs and name it in the same order.
 */
function movedModules({ before, after }: BothExternals): Set<string> {
  const [distancesBefore, distancesAfter] = [distances(before), distances(after)];
  const moved = new Set<string>();
  const common = [...after.modules.keys()]
    .filter((name) => before.modules.has(name))
    .sort((one, other) => (distancesAfter.get(one) ?? 0) - (distancesAfter.get(other) ?? 0));
  for (const name of common) {
    const finders = findersOf(name, after, distancesAfter);
    const isSame =
      distancesBefore.get(name) === distancesAfter.get(name) &&
      finders.join('\0') === findersOf(name, before, distancesBefore).join('\0') &&
      !finders.some((finder) => moved.has(finder) || ordersOtherwise(finder, before, after));
    if (!isSame) moved.add(name);
  }
  return moved;
}

/** The modules through which the search from the main one first finds a module, sorted. */
function findersOf(name: string, { modules }: Externals, found: ReadonlyMap<string, number>): string[] {
  const distance = found.get(name) ?? 0;
  return [...modules.values()]
    .filter((each) => each.dependencies.includes(name) && found.get(each.name) === distance - 1)
    .map((each) => each.name)
    .sort();
}

/** Whether a module names the dependencies that it had before, and still has, in another order. */
function ordersOtherwise(name: string, before: Externals, after: Externals): boolean {
  const [old, now] = [before, after].map(({ modules }) => modules.get(name)?.calls?.dependencies ?? []);
  if (old === undefined || now === undefined) return true;
  const kept = (one: readonly string[], other: readonly string[]): string =>
    one.filter((each) => other.includes(each)).join('\0');
  return kept(old, now) !== kept(now, old);
}

function distances({ modules }: Externals): Map<string, number> {
  const found = new Map([[MAIN_MODULE, 0]]);
  for (const [name, distance] of found)
    for (const next of modules.get(name)?.dependencies ?? [])
      if (!found.has(next)) found.set(next, distance + 1);
  return found;
}
