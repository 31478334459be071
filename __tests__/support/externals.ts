import { moduleCallsIn, type ModuleCalls } from '../../src/formats/module-calls.js';
import { MAIN, type CanonicalName, type RepositoryMapping } from '../../src/graph/repository.js';
import type {
  ExternalModule,
  ExternalRepository,
  Externals,
} from '../../src/loading/externals/external-repositories.js';

/** Plain values of external repositories, with everything that a test does not care about filled in. */

export function canonical(name: string): CanonicalName {
  return name as CanonicalName;
}

export function mappingOf(names: Readonly<Record<string, string>>): RepositoryMapping {
  return new Map(Object.entries(names).map(([name, to]) => [name, canonical(to)]));
}

type RepositoryParts = Partial<Omit<ExternalRepository, 'name' | 'sees' | 'reads'>> & {
  readonly sees?: readonly string[];
  readonly reads?: readonly string[];
};

export function repository(name: string, parts: RepositoryParts = {}): ExternalRepository {
  return {
    name: canonical(name),
    definition: 'same',
    readsMain: false,
    readsModuleFiles: false,
    localFolder: null,
    ...parts,
    sees: (parts.sees ?? []).map(canonical),
    reads: (parts.reads ?? []).map(canonical),
  };
}

type ModuleParts = Partial<Omit<ExternalModule, 'name' | 'repository' | 'calls'>> & {
  /** The text of its MODULE.bazel; null if it cannot be read. */
  readonly text?: string | null;
};

/** A module whose repository is called as in Bazel 7. */
export function externalModule(name: string, parts: ModuleParts = {}): ExternalModule {
  const { text = '', dependencies = [] } = parts;
  const calls: ModuleCalls | null = text === null ? null : moduleCallsIn(text);
  return { name, repository: name === '' ? MAIN : canonical(`${name}~`), dependencies, calls };
}

interface ExternalsParts {
  readonly mapping?: Readonly<Record<string, string>>;
  readonly repositories?: readonly ExternalRepository[];
  readonly modules?: readonly ExternalModule[];
  /** What other repositories than the main one call each other. */
  readonly mappings?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export function externals(parts: ExternalsParts = {}): Externals {
  const mapping = mappingOf(parts.mapping ?? {});
  const others = Object.entries(parts.mappings ?? {}).map(
    ([name, names]) => [canonical(name), mappingOf(names)] as const,
  );
  return {
    mapping,
    mappings: new Map([[MAIN, mapping], ...others]),
    repositories: new Map((parts.repositories ?? []).map((each) => [each.name, each])),
    modules: new Map((parts.modules ?? []).map((each) => [each.name, each])),
  };
}
