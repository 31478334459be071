/** A path in the Bazel workspace, separated by `/`, without a leading or trailing `/`. The workspace itself is `''`. */
export type WorkspacePath = string & { readonly __brand: 'WorkspacePath' };

/**
 * A Bazel label in the only form that this program uses: `//package:name` for the main repository,
 * `@repository//package:name` or `@@repository//package:name` for others.
 */
export type Label = string & { readonly __brand: 'Label' };

/** The package part of a main-repository label: the folder of its BUILD file. */
export type PackagePath = WorkspacePath;

/** A text is not a label. */
export class LabelError extends Error {
  override name = 'LabelError';
}

/**
 * Reads a label as Bazel prints it (`//a:b`, `@//a:b`, `@@//a:b`, `//a`, `@repo//a:b`).
 *
 * @throws LabelError if the text has no `//`
 */
export function parseLabel(text: string): Label {
  const mainRepository = text.startsWith('@@//')
    ? text.slice(2)
    : text.startsWith('@//')
      ? text.slice(1)
      : text;
  const slashes = mainRepository.indexOf('//');
  if (slashes < 0) throw new LabelError(`not a label: ${JSON.stringify(text)}`);
  const colon = mainRepository.indexOf(':', slashes);
  if (colon >= 0) return mainRepository as Label;
  const packagePath = mainRepository.slice(slashes + 2);
  const lastFolder = packagePath.slice(packagePath.lastIndexOf('/') + 1);
  return `${mainRepository}:${lastFolder}` as Label;
}

export function makeLabel(packagePath: string, name: string): Label {
  return `//${packagePath}:${name}` as Label;
}

/** Whether the label names a target of the main repository. */
export function isMainRepository(label: Label): boolean {
  return label.startsWith('//');
}

/**
 * Whether the label is one that a WORKSPACE file defines by `bind`. It has the form of those of the main repository, from
 * everywhere, but no BUILD file of that defines it.
 */
export function isBound(label: Label): boolean {
  return label.startsWith('//external:');
}

/** The package of a main-repository label. */
export function packageOf(label: Label): PackagePath {
  return label.slice(2, label.indexOf(':')) as PackagePath;
}

/** The name in a label: the part after the colon. */
export function nameOf(label: Label): string {
  return label.slice(label.indexOf(':') + 1);
}

/** The name with which a package refers to its own folder as a source. */
export const OWN_FOLDER = '.';

/** The path of the source file with a label of the main repository. */
export function pathOf(label: Label): WorkspacePath {
  const packagePath = packageOf(label);
  if (nameOf(label) === OWN_FOLDER) return packagePath;
  return (packagePath === '' ? nameOf(label) : `${packagePath}/${nameOf(label)}`) as WorkspacePath;
}
