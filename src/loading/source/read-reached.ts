import { join } from 'node:path';
import type { Bazel } from '../../adapters/bazel/bazel.js';
import { contentDigest, isAbsent } from '../../adapters/disk/external-files.js';
import { isMainRepository, nameOf, OWN_FOLDER, type Label } from '../../graph/label.js';
import {
  canonicalLabel,
  repositoryOf,
  type CanonicalName,
  type RepositoryMapping,
} from '../../graph/repository.js';
import { inputsOf } from '../../graph/target.js';
import { ABSENT, type ReachedExternals, type ReachedTarget } from '../externals/reached-externals.js';
import { readSettings } from './read-settings.js';

/**
 * Asks Bazel for everything that some targets of external repositories depend on. It fetches the repositories of these.
 *
 * @param labels as the main repository names them
 * @param mapping of the main repository
 * @param changed the repositories whose build settings and platforms are wanted
 * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
 */
export async function readReached(
  bazel: Bazel,
  labels: readonly Label[],
  mapping: RepositoryMapping,
  changed: Iterable<CanonicalName>,
): Promise<ReachedExternals> {
  const found = labels.length === 0 ? [] : await bazel.dependenciesOf(labels);
  const externalFolder = await bazel.externalFolder();
  const targets = new Map<Label, ReachedTarget>();
  for (const target of found) {
    if (isMainRepository(target.label)) continue;
    targets.set(canonicalLabel(target.label, mapping), {
      label: target.label,
      target,
      inputs: inputsOf(target).map((input) => canonicalLabel(input, mapping)),
      content: target.kind === 'source' ? contentOf(target.label, externalFolder, mapping) : null,
    });
  }
  const wanted = [
    ...labels.map((label) => canonicalLabel(label, mapping)),
    ...[...targets.values()].flatMap((each) => each.inputs),
  ];
  return {
    targets,
    missing: new Set(wanted.filter((label) => !isMainRepository(label) && !targets.has(label))),
    settings: await readSettings(bazel, [...changed], mapping),
  };
}

function contentOf(label: Label, externalFolder: string, mapping: RepositoryMapping): string | null {
  const repository = join(externalFolder, repositoryOf(label, mapping));
  const path = pathInRepository(label);
  return contentDigest(join(repository, path)) ?? (isAbsent(repository, path) ? ABSENT : null);
}

/** The path of a source file below the folder of its repository. */
function pathInRepository(label: Label): string {
  const packagePath = label.slice(label.indexOf('//') + 2, label.indexOf(':', label.indexOf('//')));
  const name = nameInRepository(label);
  return join(packagePath, name === OWN_FOLDER ? '' : name);
}

function nameInRepository(label: Label): string {
  return nameOf(label.slice(label.indexOf('//')) as Label);
}
