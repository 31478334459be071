import { moduleCallsIn, type ModuleCalls } from '../../src/formats/module-calls.js';
import type { Label } from '../../src/graph/label.js';
import {
  canonicalLabel,
  MAIN,
  type CanonicalName,
  type RepositoryMapping,
} from '../../src/graph/repository.js';
import { inputsOf, type Target } from '../../src/graph/target.js';
import type {
  ExternalModule,
  ExternalRepository,
  Externals,
} from '../../src/loading/externals/external-repositories.js';
import type { ReachedExternals, ReachedTarget } from '../../src/loading/externals/reached-externals.js';

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
    namedFiles: [],
    localFolder: null,
    showsOutside: false,
    standIn: null,
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

/** Targets as Bazel prints them for the main repository, by their labels with canonical names. */
export function reachedTargets(
  targets: readonly Target[],
  mapping: RepositoryMapping,
  contents: Readonly<Record<string, string | null>> = {},
): Map<Label, ReachedTarget> {
  return new Map(
    targets.map((target) => [
      canonicalLabel(target.label, mapping),
      {
        label: target.label,
        target,
        inputs: inputsOf(target).map((input) => canonicalLabel(input, mapping)),
        content: target.kind === 'source' ? (contents[target.label] ?? null) : null,
      },
    ]),
  );
}

interface ReachedParts {
  readonly targets?: readonly Target[];
  /** The digests of source files by their labels. The others cannot be read. */
  readonly contents?: Readonly<Record<string, string | null>>;
  /** With canonical names. */
  readonly missing?: readonly string[];
  readonly settings?: Readonly<Record<string, string | null>>;
}

export function reached(mapping: RepositoryMapping, parts: ReachedParts = {}): ReachedExternals {
  return {
    targets: reachedTargets(parts.targets ?? [], mapping, parts.contents),
    missing: new Set((parts.missing ?? []) as Label[]),
    settings: new Map(
      Object.entries(parts.settings ?? {}).map(([name, digest]) => [canonical(name), digest]),
    ),
  };
}
