import { makeLabel, parseLabel, type Label, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { foldersAbove } from '../../graph/folders.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { stringLiterals, tokensOf } from '../../formats/starlark-tokens.js';

/**
 * The labels of the main repository that a .bzl file may pass to Bazel: every string that could be a label. The result
 * may contain too many labels, never too few: any folder above the file may be its package, and any word may be the
 * name of a target there. A label without a name (`//lib:`) stands for the whole package.
 */
export function labelsInCode(path: WorkspacePath, source: string, main: MainRepository): Label[] {
  const packages = [...foldersAbove(path)];
  return stringLiterals(source).flatMap((literal) => {
    if (literal === '' || literal.length > LONGEST_LABEL || /[\n\0]/.test(literal)) return [];
    if (isStarlark(literal)) return [];
    if (/^(@|\/\/)/.test(literal)) return main.label(wholePackageIfOpen(literal)) ?? [];
    const name = literal.replace(/^:/, '');
    // In the value of a build setting, a label without slashes is relative to the root.
    if (name.includes(':')) return parseLabel(`//${literal}`);
    return packages.map((packagePath) => makeLabel(packagePath, name));
  });
}

/**
 * `//lib:%s` and `//lib:` + … can be any target of the package, so they become `//lib:`, which stands for all of its
 * targets.
 */
function wholePackageIfOpen(text: string): string {
  const [, packagePart] = /^([^:%{]*:)[^%{]*[%{]/.exec(text) ?? [];
  return packagePart ?? text;
}

const LONGEST_LABEL = 1024;

/** The files of the main repository that a .bzl file may load. */
export function filesLoadedBy(path: WorkspacePath, source: string, main: MainRepository): WorkspacePath[] {
  return loadedLabels(source).flatMap((label) =>
    [...foldersAbove(path)].flatMap((packagePath) => {
      const file = resolveLoad(label, packagePath, main);
      return file.kind === 'main' ? [file.path] : [];
    }),
  );
}

/** Functions that create transitions: Bazel's own, and those of common helpers (Skylib's tests, with_cfg). */
const MAKERS_OF_TRANSITIONS = new Set([
  'transition',
  'analysis_test_transition',
  'config_settings',
  'with_cfg',
]);

/** Whether a .bzl file creates transitions. A transition can set a build setting to a label that no query prints. */
export function makesTransitions(source: string): boolean {
  if (![...MAKERS_OF_TRANSITIONS].some((name) => source.includes(name))) return false;
  return [...tokensOf(source)].some(
    (token) => token.kind === 'name' && MAKERS_OF_TRANSITIONS.has(token.text),
  );
}
