import { makeLabel, parseLabel, type Label, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { foldersAbove } from '../../graph/folders.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { stringLiterals, tokensOf } from '../../formats/starlark-tokens.js';

/**
 * Labels of the main repository that a .bzl file may hand to Bazel: every string that could be one. Rather too many:
 * which folder above a file is its package is not asked, and a word can be a target of it. A label without a name
 * (`//lib:`) stands for the whole package.
 */
export function labelsInCode(path: WorkspacePath, source: string, main: MainRepository): Label[] {
  const packages = [...foldersAbove(path)];
  return stringLiterals(source).flatMap((literal) => {
    if (literal === '' || literal.length > LONGEST_LABEL || /[\n\0]/.test(literal)) return [];
    if (isStarlark(literal)) return [];
    if (/^(@|\/\/)/.test(literal)) return main.label(wholePackageIfOpen(literal)) ?? [];
    const name = literal.replace(/^:/, '');
    // As a value of a build setting, a label without slashes counts from the root.
    if (name.includes(':')) return parseLabel(`//${literal}`);
    return packages.map((packagePath) => makeLabel(packagePath, name));
  });
}

/** `//lib:%s` and `//lib:` + … can be any target of the package: `//lib:`, without a name, stands for all of them. */
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

/** The names by which code makes transitions: Bazel's own, and those of the usual helpers (Skylib's tests, with_cfg). */
const MAKERS_OF_TRANSITIONS = new Set([
  'transition',
  'analysis_test_transition',
  'config_settings',
  'with_cfg',
]);

/** Whether a .bzl file makes transitions: these can set a build setting to a label that no query prints. */
export function makesTransitions(source: string): boolean {
  if (![...MAKERS_OF_TRANSITIONS].some((name) => source.includes(name))) return false;
  return [...tokensOf(source)].some(
    (token) => token.kind === 'name' && MAKERS_OF_TRANSITIONS.has(token.text),
  );
}
