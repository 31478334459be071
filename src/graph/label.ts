/** A path inside the Bazel workspace, `/`-separated, without a leading or trailing `/`; the workspace itself is `''`. */
export type WorkspacePath = string & { readonly __brand: 'WorkspacePath' };

/**
 * A Bazel label in the one form that this program uses: `//package:name` for the main repository,
 * `@repository//package:name` or `@@repository//package:name` for every other one.
 */
export type Label = string & { readonly __brand: 'Label' };

/** The package part of a main-repository label: the folder of its BUILD file. */
export type PackagePath = WorkspacePath;

/** Says that a text is not a label. */
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

/** The label of a target in the main repository. */
export function makeLabel(packagePath: string, name: string): Label {
  return `//${packagePath}:${name}` as Label;
}

/** Whether the label names a target of the main repository. */
export function isMainRepository(label: Label): boolean {
  return label.startsWith('//');
}

/** The package of a main-repository label. */
export function packageOf(label: Label): PackagePath {
  return label.slice(2, label.indexOf(':')) as PackagePath;
}

/** The name of a label: what stands behind its colon. */
export function nameOf(label: Label): string {
  return label.slice(label.indexOf(':') + 1);
}

/** The name by which a package names its own folder as a source. */
export const OWN_FOLDER = '.';

/** The path that a main-repository source file's label stands for. */
export function pathOf(label: Label): WorkspacePath {
  const packagePath = packageOf(label);
  if (nameOf(label) === OWN_FOLDER) return packagePath;
  return (packagePath === '' ? nameOf(label) : `${packagePath}/${nameOf(label)}`) as WorkspacePath;
}
