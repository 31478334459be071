import type { StarlarkFiles } from '../../formats/starlark-constants.js';
import type { Expression } from '../../formats/starlark-syntax.js';
import { textsIn } from '../../formats/starlark-values.js';
import {
  makeLabel,
  parseLabel,
  type Label,
  type PackagePath,
  type WorkspacePath,
} from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { foldersAbove } from '../../graph/folders.js';
import { isStarlark } from '../../loading/inputs/file-roles.js';
import { withoutDot } from '../../formats/printed-labels.js';
import { withSlashes } from '../../formats/rc.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { stringLiterals, tokensOf } from '../../formats/starlark-tokens.js';

/**
 * The labels that a .bzl file may pass to Bazel: every string that could be a label. The result may contain too many
 * labels, never too few: any folder above the file may be its package, and any word may be the name of a target there. A label without a name (`//lib:`) stands for the whole package.
 */
export function labelsInCode(path: WorkspacePath, source: string, main: MainRepository): Label[] {
  return stringLiterals(source)
    .filter((literal) => !isStarlark(literal))
    .flatMap((literal) => labelsOfText(path, wholePackageIfOpen(literal), main));
}

/**
 * The labels that a text in a .bzl file may mean, of the main repository or of another one. A text without `//` may be
 * relative to any folder above the file, or to the root: the value of a build setting is.
 */
export function labelsOfText(path: WorkspacePath, written: string, main: MainRepository): Label[] {
  const text = withoutDot(written);
  if (text === '' || text.length > LONGEST_LABEL || /[\n\0]/.test(text)) return [];
  if (/^(@|\/\/)/.test(text)) {
    const label = main.label(text);
    if (label !== null) return [label];
    return /^@@?[^/\s]+(\/\/\S*)?$/.test(text) ? [parseLabel(withSlashes(text))] : [];
  }
  const name = text.replace(/^:/, '');
  if (name.includes(':')) return [parseLabel(`//${text}`)];
  return [...foldersAbove(path)].map((packagePath) => makeLabel(packagePath, name));
}

/**
 * `//lib:%s` and `//lib:` + … can be any target of the package, so they become `//lib:`, which stands for all of its
 * targets.
 */
function wholePackageIfOpen(text: string): string {
  if (!/^(@|\/\/)/.test(text)) return text;
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

/** The files of other repositories that a .bzl file may load. */
export function filesLoadedFromElsewhere(source: string, main: MainRepository): Label[] {
  return loadedLabels(source).filter(
    (label) => label.startsWith('@') && resolveLoad(label, ROOT, main).kind === 'external',
  ) as Label[];
}

const ROOT = '' as PackagePath;

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
    (token) =>
      (token.kind === 'name' && MAKERS_OF_TRANSITIONS.has(token.text)) ||
      // A `load` statement can give a maker another name.
      (token.kind === 'string' && MAKERS_OF_TRANSITIONS.has(token.value)),
  );
}

/**
 * The default labels of the attributes in a .bzl file. An aspect depends on those of its own.
 *
 * @returns null if one of them is computed in a way that this program cannot follow, or if the file cannot be read
 */
export function defaultLabels(
  path: WorkspacePath,
  files: StarlarkFiles,
  main: MainRepository,
): readonly Label[] | null {
  const file = files.file(path);
  if (file === null) return null;
  const labels: Label[] = [];
  for (const expression of file.expressions) {
    if (expression.kind !== 'call' || !isLabelAttribute(expression.callee)) continue;
    const given = expression.arguments.find(({ name }) => name === 'default' || name === null)?.value;
    if (given === undefined || isLateBound(given)) continue;
    const texts = textsIn(files.valueOf(given, file));
    if (texts === null) return null;
    for (const text of texts) labels.push(...labelsOfText(path, text, main));
  }
  return labels;
}

/** `attr.label`, `attr.label_list` and the like. */
function isLabelAttribute(callee: Expression): boolean {
  return (
    callee.kind === 'attribute' &&
    callee.of.kind === 'name' &&
    callee.of.name === 'attr' &&
    callee.name.includes('label')
  );
}

/** Bazel itself finds the label, in a toolchain or an option. */
function isLateBound(expression: Expression): boolean {
  return (
    expression.kind === 'call' &&
    expression.callee.kind === 'name' &&
    expression.callee.name === 'configuration_field'
  );
}
