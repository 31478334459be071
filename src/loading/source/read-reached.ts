import { join } from 'node:path';
import type { Bazel } from '../../adapters/bazel/bazel.js';
import { contentDigest, isAbsent, isThere } from '../../adapters/disk/external-files.js';
import { isBound, isMainRepository, type Label } from '../../graph/label.js';
import {
  canonicalLabel,
  NO_NAMES,
  repositoryOf,
  type CanonicalName,
  type RepositoryMapping,
} from '../../graph/repository.js';
import { BUILD_FILES } from '../../graph/package.js';
import { inputsOf } from '../../graph/target.js';
import { ABSENT, type ReachedExternals, type ReachedTarget } from '../externals/reached-externals.js';
import type { StandIn } from '../externals/stand-ins.js';
import { pathInRepository } from './path-in-repository.js';
import { readSettings } from './read-settings.js';

/** What is asked about the external repositories of a revision. */
export interface ReachedQuestion {
  /** As the main repository names them. */
  readonly labels: readonly Label[];
  /** That of the main repository. */
  readonly mapping: RepositoryMapping;
  /** The repositories whose build settings and platforms are wanted. */
  readonly changed: Iterable<CanonicalName>;
  /** What is read instead of some repositories. */
  readonly standIns: ReadonlyMap<CanonicalName, StandIn>;
}

/**
 * Asks Bazel for everything that some targets of external repositories depend on. It fetches the repositories of these.
 *
 * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
 */
export async function readReached(
  bazel: Bazel,
  { labels, mapping, changed, standIns }: ReachedQuestion,
): Promise<ReachedExternals> {
  const found = labels.length === 0 ? [] : await bazel.withRepositories(standIns).dependenciesOf(labels);
  const externalFolder = await bazel.externalFolder();
  const targets = new Map<Label, ReachedTarget>();
  for (const target of found) {
    if (isMainRepository(target.label) && !isBound(target.label)) continue;
    targets.set(canonicalLabel(target.label, mapping), {
      label: target.label,
      target,
      inputs: inputsOf(target).map((input) => canonicalLabel(input, mapping)),
      content:
        target.kind === 'source' && !isBound(target.label)
          ? contentOf(target.label, externalFolder, mapping)
          : null,
    });
  }
  const wanted = [
    ...labels.map((label) => canonicalLabel(label, mapping)),
    ...[...targets.values()].flatMap((each) => each.inputs),
  ];
  const lacking = wanted.filter((label) => !isMainRepository(label) && !targets.has(label));
  return {
    targets,
    missing: await unknownAmong(new Set(lacking), bazel, externalFolder, { mapping, standIns }),
    settings: await readSettings(bazel, [...changed], mapping),
  };
}

/**
 * The labels of which it is not known whether there is such a target: their packages do not load, or cannot be fetched. A
 * package that loads certainly lacks a target that Bazel does not find there, unless it is a stand-in.
 */
async function unknownAmong(
  labels: ReadonlySet<Label>,
  bazel: Bazel,
  externalFolder: string,
  { mapping, standIns }: Pick<ReachedQuestion, 'mapping' | 'standIns'>,
): Promise<Set<Label>> {
  const packageOf = (label: Label): string => label.slice(0, label.indexOf(':', label.indexOf('//')));
  const packages = new Set([...labels].map(packageOf));
  // What cannot be fetched takes long, so it is not tried again.
  const isThereToAsk = (label: Label): boolean => {
    const repository = repositoryOf(label, NO_NAMES);
    const folder = join(externalFolder, repository, packageOf(label).replace(/^.*?\/\//, ''));
    return !standIns.has(repository) && BUILD_FILES.some((name) => isThere(join(folder, name)));
  };
  const asked = new Set([...labels].filter(isThereToAsk).map(packageOf));
  const patterns = [...asked].map((each) => `${each}:all-targets` as Label);
  const found = patterns.length === 0 ? [] : await bazel.targetsMatching(patterns);
  for (const { label } of found) packages.delete(packageOf(canonicalLabel(label, mapping)));
  return new Set([...labels].filter((label) => packages.has(packageOf(label))));
}

function contentOf(label: Label, externalFolder: string, mapping: RepositoryMapping): string | null {
  const repository = join(externalFolder, repositoryOf(label, mapping));
  const path = pathInRepository(label);
  return contentDigest(join(repository, path)) ?? (isAbsent(repository, path) ? ABSENT : null);
}
