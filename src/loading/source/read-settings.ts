import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Bazel } from '../../adapters/bazel/bazel.js';
import { isThere, starlarkTexts } from '../../adapters/disk/external-files.js';
import { buildFilesWithSettings } from '../../formats/settings-code.js';
import { folderOf } from '../../graph/folders.js';
import type { Label } from '../../graph/label.js';
import { canonicalLabel, type CanonicalName, type RepositoryMapping } from '../../graph/repository.js';
import { inputsOf, type Target } from '../../graph/target.js';
import { addToGroup } from '../../text/grouped.js';

/**
 * Reads the build settings, platforms and constraint settings of some repositories, as far as these were fetched.
 *
 * @param mapping of the main repository
 * @returns for each repository that was fetched, a text that differs if these targets do; empty if there are none, and
 *   null if its files cannot be read
 * @throws BazelError if Bazel gives no answer; BazelStartError; QueryOutputError
 */
export async function readSettings(
  bazel: Bazel,
  names: readonly CanonicalName[],
  mapping: RepositoryMapping,
): Promise<Map<CanonicalName, string | null>> {
  const externalFolder = await bazel.externalFolder();
  const fetched = names.filter((name) => isThere(join(externalFolder, name)));
  const packages = new Map(
    fetched.map((name) => [name, packagesWithSettings(externalFolder, name)] as const),
  );
  const patterns = [...packages.values()]
    .flatMap((texts) => [...(texts?.keys() ?? [])])
    .map((each) => `${each}:all-targets` as Label);
  const targets = patterns.length === 0 ? [] : await bazel.targetsMatching(patterns);
  const byPackage = groupedByPackage(targets, mapping);
  return new Map(
    [...packages].map(([name, texts]) => [
      name,
      texts === null ? null : settingsText(texts, byPackage, mapping),
    ]),
  );
}

/** The BUILD files of packages, by the labels of these without a name: `@@rules~//go`. */
type BuildTexts = ReadonlyMap<string, string>;

/** Null if files cannot be read. */
function packagesWithSettings(externalFolder: string, name: CanonicalName): BuildTexts | null {
  try {
    const files = new Map(starlarkTexts(join(externalFolder, name)));
    return new Map(
      buildFilesWithSettings(files).map((path) => [`@@${name}//${folderOf(path)}`, files.get(path) ?? '']),
    );
  } catch {
    return null;
  }
}

function groupedByPackage(targets: readonly Target[], mapping: RepositoryMapping): Map<string, Target[]> {
  const found = new Map<string, Target[]>();
  for (const target of targets) {
    const label = canonicalLabel(target.label, mapping);
    const name = label.slice(0, label.indexOf(':', label.indexOf('//')));
    addToGroup(found, name, target);
  }
  return found;
}

/** A package that does not load is told by the text of its BUILD file. */
function settingsText(
  texts: BuildTexts,
  byPackage: ReadonlyMap<string, readonly Target[]>,
  mapping: RepositoryMapping,
): string {
  const parts = [...texts]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, text]) => {
      const targets = byPackage.get(name);
      const found =
        targets === undefined
          ? [text]
          : targets.filter(isSetting).map((target) => definitionOf(target, mapping));
      return found.length === 0 ? [] : [[name, found.sort()]];
    });
  return parts.length === 0 ? '' : createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}

function isSetting(target: Target): boolean {
  if (target.kind !== 'rule') return false;
  return target.buildSetting || ['platform', 'constraint_setting', 'alias'].includes(target.ruleClass);
}

function definitionOf(target: Target, mapping: RepositoryMapping): string {
  const definition = target.kind === 'generated' ? '' : target.definition;
  const inputs = inputsOf(target).map((input) => canonicalLabel(input, mapping));
  return JSON.stringify([canonicalLabel(target.label, mapping), definition, inputs.sort()]);
}
