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
import { inputsOf, type Target } from '../../graph/target.js';
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
  /** Whether a change can be reached from a target with a canonical label. Other targets are not asked for. */
  readonly isFollowed: (label: Label) => boolean;
  /** The repositories whose build settings and platforms are wanted. */
  readonly changed: Iterable<CanonicalName>;
  /** What is read instead of some repositories. */
  readonly standIns: ReadonlyMap<CanonicalName, StandIn>;
}

/**
 * Asks Bazel for what some targets of external repositories depend on, as far as it is followed. Bazel fetches the
 * repositories of these targets, and no others: all wheels of a hub, if one of them changed, take much longer than one.
 *
 * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
 */
export async function readReached(bazel: Bazel, question: ReachedQuestion): Promise<ReachedExternals> {
  const { mapping, changed, standIns } = question;
  const { asked, found } = await followed(bazel.withRepositories(standIns), question);
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
  const lacking = [...asked].filter((label) => !isMainRepository(label) && !targets.has(label));
  return {
    targets,
    missing: await unknownAmong(new Set(lacking), bazel, externalFolder, { mapping, standIns }),
    settings: await readSettings(bazel, [...changed], mapping),
  };
}

/**
 * Follows targets to what they depend on, step by step: one query for all of it would fetch what is not followed, too.
 *
 * @returns with canonical names, what was asked for
 */
async function followed(
  bazel: Bazel,
  { labels, mapping, isFollowed }: ReachedQuestion,
): Promise<{ readonly asked: ReadonlySet<Label>; readonly found: readonly Target[] }> {
  const asked = new Set<Label>();
  const notAsked = (label: Label): boolean => {
    const canonical = canonicalLabel(label, mapping);
    if (asked.has(canonical)) return false;
    asked.add(canonical);
    return true;
  };
  const found: Target[] = [];
  let next = labels.filter(notAsked);
  while (next.length > 0) {
    const targets = await bazel.targetsMatching(next);
    found.push(...targets);
    const inputs = targets.flatMap((target) => inputsOf(target));
    next = inputs.filter((input) => isFollowed(canonicalLabel(input, mapping)) && notAsked(input));
  }
  return { asked, found };
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
