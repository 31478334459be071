import type { Graph } from '../../graph/graph.js';
import { isBound, isMainRepository, type Label } from '../../graph/label.js';
import {
  canonicalLabel,
  type CanonicalName,
  MAIN,
  NO_NAMES,
  type RepositoryMapping,
  repositoryOf,
} from '../../graph/repository.js';
import { inputsOf } from '../../graph/target.js';
import type { RepositoryPath } from '../../graph/tree.js';
import { WORKSPACE_MODULE } from '../../loading/externals/external-repositories.js';
import type { ReachedExternals } from '../../loading/externals/reached-externals.js';
import type { StandIn } from '../../loading/externals/stand-ins.js';
import type { Seed } from '../affected/seed.js';
import { isLookedUpByBazel, isResolvedByBazel } from '../everything/hidden-edges.js';
import {
  changedRepositories,
  namedOtherwise,
  repositoriesReaching,
  repositoriesSeeingOtherwise,
  type BothExternals,
  type ExternalChanges,
} from './changed-repositories.js';
import type { ExternalDifference } from './external-difference.js';
import { ExternalEdges } from './external-edges.js';
import { externalSeeds } from './external-seeds.js';
import { repositoriesOf } from './registered-toolchains.js';
import {
  otherRegistrations,
  registeredIn,
  reorderedModules,
  unknownModules,
  withKnownCalls,
  type Reordered,
} from './registrations.js';

export type Side = keyof BothExternals;

/** Labels, or why they are not known. */
export type Listed =
  | { readonly kind: 'labels'; readonly labels: readonly Label[] }
  | { readonly kind: 'unknown'; readonly why: string };

/** The external repositories that may have changed between two revisions, and what that can mean. */
export class ChangedExternals {
  private constructor(
    private readonly both: BothExternals,
    /** The repositories whose files may differ. */
    private readonly changed: ReadonlySet<CanonicalName>,
    /** The repositories that executables with files of them find by other names. */
    private readonly otherwise: ReadonlySet<CanonicalName>,
    /**
     * All of these, those that see others than before, and the repositories from whose BUILD files one of them can be
     * reached.
     */
    private readonly reaching: ReadonlySet<CanonicalName>,
  ) {}

  static of(both: BothExternals, changes: ExternalChanges): ChangedExternals {
    const changed = changedRepositories(both, changes);
    const otherwise = namedOtherwise(both);
    const start = new Set([...changed, ...otherwise, ...repositoriesSeeingOtherwise(both, changes)]);
    start.delete(MAIN);
    const reaching = repositoriesReaching(both, start);
    return new ChangedExternals(withKnownCalls(both, changed), changed, otherwise, reaching);
  }

  /** Whether no repository may mean something else than before. */
  get isNothing(): boolean {
    return this.reaching.size === 0;
  }

  /** The repositories of both revisions whose files may differ. */
  get names(): readonly CanonicalName[] {
    const { before, after } = this.both;
    return [...this.changed].filter((name) => before.repositories.has(name) && after.repositories.has(name));
  }

  /**
   * The repositories of the modules that may register what depends on a changed repository, or that others may have
   * overtaken, as far as it is not known what they register.
   */
  unknownModules(side: Side): CanonicalName[] {
    const { modules } = this.both[side];
    const reordered = this.reordered.flatMap((each) =>
      each.modules.flatMap((name) => modules.get(name)?.repository ?? []),
    );
    return unknownModules(this.both[side], new Set([...this.reaching, ...reordered]));
  }

  /**
   * The registered toolchains and execution platforms of one revision from which a changed repository can be reached, as
   * patterns with canonical names; or why they cannot be listed.
   *
   * @param byOptions what options register, as the main repository names it
   */
  registered(side: Side, byOptions: readonly Label[]): Listed {
    const externals = this.both[side];
    const { patterns, unknown } = registeredIn(externals);
    const hidden = [...unknown].find((name) => this.reaching.has(name));
    if (hidden !== undefined)
      return { kind: 'unknown', why: `toolchains of the repository @${hidden} may depend on it` };
    const all = [...patterns, ...byOptions.map((label) => canonicalLabel(label, externals.mapping))];
    return { kind: 'labels', labels: all.filter((pattern) => this.reaches(pattern)) };
  }

  /** Why everything is affected whatever changed in other repositories; null if it is not. */
  get everywhere(): string | null {
    if (this.otherwise.has(MAIN))
      return 'the main repository has other names than before, by which executables find their runfiles';
    return otherRegistrations(this.both);
  }

  /** The modules whose toolchains may be considered in another order than before. */
  get reordered(): readonly Reordered[] {
    return reorderedModules(this.both);
  }

  /**
   * What can be read instead of some repositories, so that they are not fetched: of those that did not change, and of
   * which nothing is asked but what their BUILD file at the root defines.
   *
   * @param labels all that is asked about them, with canonical names
   */
  standIns(side: Side, labels: readonly Label[]): Map<CanonicalName, StandIn> {
    const found = new Map<CanonicalName, StandIn>();
    const isOfRoot = (label: Label): boolean => label.includes('//:');
    for (const name of repositoriesOf(labels)) {
      const ofName = labels.filter((label) => repositoryOf(label, NO_NAMES) === name);
      const [here, there] = [this.both[side], this.both[side === 'before' ? 'after' : 'before']].map(
        ({ repositories }) => repositories.get(name)?.standIn ?? null,
      );
      if (here != null && there != null && !this.changed.has(name) && ofName.every(isOfRoot))
        found.set(name, here);
    }
    return found;
  }

  /** The external repositories of which targets of the main one name something. */
  namedByMain({ before, after }: Readonly<Record<Side, Graph>>): Set<CanonicalName> {
    const { mapping } = this.both.after;
    const labels = [before, after].flatMap((graph) => [...externalInputs(graph)]);
    return new Set(repositoriesOf(labels.map((label) => canonicalLabel(label, mapping))));
  }

  /** Whether a changed repository can be reached from a label with a canonical name. What `bind` defines may lead anywhere. */
  reaches(label: Label, side: Side = 'after'): boolean {
    return this.isBoundIn(side, label) || this.reaching.has(repositoryOf(label, NO_NAMES));
  }

  /**
   * The labels from which a changed repository can be reached, among those that the main repository names and others.
   * Sorted.
   */
  labelsIn(side: Side, graph: Graph, others: readonly Label[]): Label[] {
    const { mapping } = this.both[side];
    const labels = new Set([...externalInputs(graph), ...others]);
    return [...labels]
      .filter((label) =>
        isBound(label) ? this.isBoundIn(side, label) : this.reaching.has(repositoryOf(label, mapping)),
      )
      .sort();
  }

  /** Whether a WORKSPACE file may define the label by `bind`. Where Bazel reads none, such labels mean nothing. */
  private isBoundIn(side: Side, label: Label): boolean {
    return isBound(label) && this.both[side].modules.has(WORKSPACE_MODULE);
  }

  /** A repository with other build settings or platforms than before, as far as it was fetched; null if there is none. */
  whereSettingsDiffer(before: ReachedExternals, after: ReachedExternals): CanonicalName | null {
    const differ = (name: CanonicalName): boolean => {
      // A repository that was fetched on one side only counts as one without settings on the other.
      const [old, now] = [before, after].map(({ settings }) =>
        settings.has(name) ? settings.get(name) : '',
      );
      return old === null || now === null || old !== now;
    };
    return this.names.find(differ) ?? null;
  }

  /**
   * @param graph of the head
   * @param change the changed path that explains the difference
   * @param named labels whose users no query shows, each with what names it
   */
  difference(
    before: ReachedExternals,
    after: ReachedExternals,
    graph: Graph,
    change: RepositoryPath | null,
    named: ReadonlyMap<Label, string>,
  ): ExternalDifference {
    const { mapping } = this.both.after;
    const shown = shownAs(after, mapping);
    const leadElsewhere = [...externalInputs(graph), ...named.keys()].filter((label) =>
      this.leadsElsewhere(label),
    );
    const seeds = [
      ...externalSeeds(before, after, this, change, shown),
      ...leadElsewhere.map((label): Seed => ({
        label: shown(canonicalLabel(label, mapping)),
        kind: 'definition',
        change,
      })),
      ...this.labelsOfOtherwise(after).map((label): Seed => ({
        label: shown(label),
        kind: 'definition',
        change,
      })),
    ];
    const edges = new ExternalEdges(graph, after, mapping);
    const ofQueries = seeds.length === 0 ? [] : queries(graph, change);
    return {
      seeds: [...seeds, ...ofQueries, ...this.unnamedTargets(change, shown)],
      usersOf: (label) => edges.usersOf(label),
      targetsOf: (label) => {
        const canonical = canonicalLabel(label, mapping);
        return [before, after].flatMap((reached) => reached.targets.get(canonical)?.target ?? []);
      },
      named: new Map([...named].map(([label, by]) => [shown(canonicalLabel(label, mapping)), by])),
    };
  }

  /** Whether a label of the main repository, which names it as before, now means another target. */
  private leadsElsewhere(label: Label): boolean {
    const [before, after] = [this.both.before, this.both.after].map(({ mapping }) =>
      canonicalLabel(label, mapping),
    );
    return before !== after && isKnown(label, this.both.before.mapping);
  }

  /**
   * Stands for targets that may differ although no label leads to them: the code of a transition may set a flag to any
   * of them.
   *
   * @returns one seed at most, because one reaches as much as all do
   */
  private unnamedTargets(change: RepositoryPath | null, shown: (label: Label) => Label): Seed[] {
    const renamed = [...this.both.before.mapping.keys()]
      .map((name) => `@${name}//...` as Label)
      .filter((label) => this.leadsElsewhere(label));
    const repositories = [...this.changed, ...this.reaching].filter((name) => name !== MAIN);
    const labels = [...repositories.map((name) => shown(`@@${name}//...` as Label)), ...renamed];
    return labels.slice(0, 1).map((label): Seed => ({ label, kind: 'definition', change }));
  }

  /** The targets that may have runfiles which executables find by other names than before. */
  private labelsOfOtherwise({ targets }: ReachedExternals): Label[] {
    return [...targets].flatMap(([label, { target }]) => {
      const hasFiles = target.kind !== 'rule' || !(isLookedUpByBazel(target) || isResolvedByBazel(target));
      return hasFiles && this.otherwise.has(repositoryOf(label, NO_NAMES)) ? [label] : [];
    });
  }

  /** Whether the files of the repository may differ. */
  isChanged(name: CanonicalName): boolean {
    return this.changed.has(name);
  }

  /** Whether its BUILD files can lead to a repository whose files may differ. */
  reachesChange(name: CanonicalName): boolean {
    return this.reaching.has(name);
  }
}

/** Whether the repository that a label names has this name. */
function isKnown(label: Label, mapping: RepositoryMapping): boolean {
  return mapping.has(label.slice(0, label.indexOf('//')).replace(/^@/, ''));
}

/** The labels of other repositories that targets of the main one depend on. */
function externalInputs(graph: Graph): Set<Label> {
  const found = new Set<Label>();
  for (const target of graph.targets())
    for (const input of inputsOf(target)) if (!isMainRepository(input) || isBound(input)) found.add(input);
  return found;
}

/** A `genquery` prints what Bazel's loading phase reads, also of external repositories. */
function queries(graph: Graph, change: RepositoryPath | null): Seed[] {
  return [...graph.packages()].flatMap(({ outline }) =>
    outline.queries.map((label): Seed => ({ label, kind: 'definition', change })),
  );
}

/** How the main repository writes a label: as Bazel printed it, else with a name that the repository has there. */
function shownAs({ targets }: ReachedExternals, mapping: RepositoryMapping): (label: Label) => Label {
  const names = new Map([...mapping].map(([apparent, canonical]) => [canonical, apparent]));
  return (label) => {
    const printed = targets.get(label)?.label;
    if (printed !== undefined || isMainRepository(label)) return printed ?? label;
    const apparent = names.get(repositoryOf(label, NO_NAMES));
    return apparent === undefined ? label : (`@${apparent}${label.slice(label.indexOf('//'))}` as Label);
  };
}
