import type { Label, WorkspacePath } from '../../graph/label.js';
import type { StatusFiles } from './status-files.js';
import type { ExternalReads } from '../../loading/externals/externals-record.js';
import type { ModuleInputs } from '../../loading/externals/module-files.js';

/**
 * What decides, of both revisions, whether a change of a loading input that belongs to no package affects everything.
 */
export interface Surroundings {
  readonly moduleInputs: ModuleInputs;
  /** What is known about what external repositories read in one of the revisions. */
  readonly reads: ExternalReads;
  /** Whether module code can find a folder in one revision that the other does not have. */
  readonly otherFolders: boolean;
  /** The rc files of both revisions and those that they import. */
  readonly rcFiles: ReadonlySet<WorkspacePath>;
  /** What changed rc files change in the options that the legs run with, by their paths. */
  readonly optionsChangedBy: ReadonlyMap<WorkspacePath, OptionsChange>;
  /**
   * The paths that options name, in the rc files of both revisions and in the options of the legs. The path of a folder
   * ends with a `/`.
   */
  readonly namedInOptions: ReadonlySet<WorkspacePath>;
  /** The values of `--package_path`. With one of these, packages may lie at other paths than their labels say. */
  readonly packagePaths: readonly string[];
  /** Whether REPO.bazel hides packages from `//...` that other packages can still use. */
  readonly hidesUsablePackages: boolean;
  /** The code of the aspects that options turn on, which no digest of a rule covers. */
  readonly aspectCode: AspectCode;
  /** What the workspace status commands of both revisions may read. */
  readonly statusFiles: StatusFiles;
  readonly texts: ComparedTexts;
}

/** The .bzl files that define some aspects, and all that these load. */
export interface AspectCode {
  /** In the main repository. */
  readonly files: ReadonlySet<WorkspacePath>;
  /** In other repositories, as the main one names them; what these load is left out. */
  readonly elsewhere: readonly Label[];
}

/** What a changed rc file changes in the options that the legs run with. */
export type OptionsChange =
  /** Nothing, because each line has the same words. */
  | { readonly kind: 'only layout' }
  /** Nothing, but the file has other words, which something else than Bazel may read. */
  | { readonly kind: 'harmless' }
  /** The first difference, in words. */
  | { readonly kind: 'difference'; readonly difference: string };

/** The texts of a changed file at base and head, by its path; null in a revision that does not have the file. */
export type ComparedTexts = ReadonlyMap<
  WorkspacePath,
  { readonly before: string | null; readonly after: string | null }
>;
