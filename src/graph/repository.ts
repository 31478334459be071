import type { Label } from './label.js';

/** The name that Bazel itself gives an external repository, without `@@`: `rules_go~`. The main repository is `''`. */
export type CanonicalName = string & { readonly __brand: 'CanonicalName' };

/** The main repository, which every other one can be compared with. */
export const MAIN = '' as CanonicalName;

/** The names that one repository uses for the others that it can see. */
export type RepositoryMapping = ReadonlyMap<string, CanonicalName>;

/** For labels with canonical names, which mean the same from everywhere. */
export const NO_NAMES: RepositoryMapping = new Map();

/**
 * What stands for all repositories with the same mapping: those that one module extension defines see each other and
 * what its module sees. Of other repositories, the name itself.
 */
export function mappingGroupOf(name: CanonicalName): string {
  // `rules~~pip~numpy`, `_main~pip~numpy` and, from Bazel 8 on, `rules++pip+numpy`, `+pip+numpy`. The repository of a
  // module has one separator, or none.
  return /^(.*[~+].*)[~+][^~+]+$/.exec(name)?.[1] ?? name;
}

/** The name of the repository in a label as the label has it, without `@`; empty for the main repository. */
function repositoryIn(label: Label): { readonly name: string; readonly isCanonical: boolean } {
  const [, marks = '', name = ''] = /^(@{0,2})([^/]*)\/\//.exec(label) ?? [];
  return { name, isCanonical: marks === '@@' };
}

/**
 * The repository of a label.
 *
 * @param mapping of the repository from which the label is seen
 */
export function repositoryOf(label: Label, mapping: RepositoryMapping): CanonicalName {
  const { name, isCanonical } = repositoryIn(label);
  // Names that no mapping contains are those of repositories that Bazel itself defines.
  return isCanonical ? (name as CanonicalName) : (mapping.get(name) ?? (name as CanonicalName));
}

/**
 * A label with the canonical name of its repository, which means the same seen from everywhere. A label of the main
 * repository is returned as it is.
 */
export function canonicalLabel(label: Label, mapping: RepositoryMapping): Label {
  const repository = repositoryOf(label, mapping);
  const inRepository = label.slice(label.indexOf('//'));
  return (repository === MAIN ? inRepository : `@@${repository}${inRepository}`) as Label;
}
