import { quoted } from '../../formats/rc-lines.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import { stringLiterals } from '../../formats/starlark-tokens.js';
import type { ShownChange } from '../../graph/change.js';
import { folderOf, foldersAbove } from '../../graph/folders.js';
import type { Graph } from '../../graph/graph.js';
import { packageOf, type Label, type PackagePath, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { FileNames } from '../../loading/inputs/file-names.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import { optionsFromElsewhere, type OptionText } from './options.js';

/** A project file, with all files that decide what it says. */
export interface Project {
  readonly folder: PackagePath;
  /** The project file itself, the files that it loads, and its `actual`, whether they exist or not. */
  readonly files: ReadonlySet<WorkspacePath>;
  /** The options that it may set. */
  readonly options: readonly OptionText[];
}

/**
 * The projects of a revision.
 *
 * @throws GitError
 */
export async function readProjects(files: RevisionFiles, main: MainRepository): Promise<Project[]> {
  const projects = FileNames.of(files.listing.paths).projectFiles.map(async (path): Promise<Project> => {
    const reached = new Set([path]);
    const literals: string[] = [];
    for (let level = [path]; level.length > 0;) {
      const texts = [...(await files.texts(level))];
      literals.push(...texts.flatMap(([, text]) => stringLiterals(text)));
      const named = texts.flatMap(([each, text]) => filesNamedIn(each, text, main));
      level = [...new Set(named)].filter((each) => !reached.has(each));
      for (const each of level) reached.add(each);
    }
    const options = literals.filter((literal) => literal.startsWith('--'));
    return {
      folder: folderOf(path),
      files: reached,
      options: options.map((option) => optionsFromElsewhere(`common ${quoted(option)}`)),
    };
  });
  return Promise.all(projects);
}

/** The files that a project file loads, or may name as its `actual`. Any folder above the file may be its package. */
function filesNamedIn(path: WorkspacePath, text: string, main: MainRepository): WorkspacePath[] {
  const labels = [
    ...loadedLabels(text),
    ...stringLiterals(text).filter((literal) => literal.endsWith('.scl')),
  ];
  return labels.flatMap((label) =>
    [...foldersAbove(path)].flatMap((packagePath) => {
      const file = resolveLoad(label, packagePath, main);
      return file.kind === 'main' ? [file.path] : [];
    }),
  );
}

/** A project whose options may differ between two revisions, with the change that is the reason. */
export interface ChangedProject {
  readonly folder: PackagePath;
  readonly change: ShownChange;
}

/** @param projects of both revisions */
export function changedProjects(
  projects: readonly Project[],
  changes: readonly ShownChange[],
): ChangedProject[] {
  return projects.flatMap(({ folder, files }) => {
    const change = changes.find(({ path }) =>
      [...files].some((file) => file === path || file.startsWith(`${path}/`)),
    );
    return change === undefined ? [] : [{ folder, change }];
  });
}

/** The packages at or below the folders of projects. */
export function packagesOfProjects(projects: readonly ChangedProject[], graph: Graph): Set<PackagePath> {
  const folders = new Set(projects.map(({ folder }) => folder));
  if (folders.size === 0) return new Set();
  return new Set(
    [...graph.packagePaths].filter((path) => [path, ...foldersAbove(path)].some((each) => folders.has(each))),
  );
}

/** Tells the folder of the nearest project file above a target; null if there is none. */
export function nearestProject(files: RevisionFiles): (label: Label) => PackagePath | null {
  const folders = new Set(FileNames.of(files.listing.paths).projectFiles.map(folderOf));
  if (folders.size === 0) return () => null;
  return (label) => {
    const path = packageOf(label);
    return [path, ...foldersAbove(path)].find((each) => folders.has(each)) ?? null;
  };
}
