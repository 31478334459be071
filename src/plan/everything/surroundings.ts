import type { WorkspacePath } from '../../graph/label.js';
import type { ModuleInputs } from '../../loading/externals/module-files.js';

/** What of the two revisions decides whether a change of a loading input that no package owns reaches everything. */
export interface Surroundings {
  readonly moduleInputs: ModuleInputs;
  /** Folders below the root with a workspace of their own, of both revisions. */
  readonly nestedWorkspaces: ReadonlySet<WorkspacePath>;
  /** Files that rc files import, of both revisions. */
  readonly rcFiles: ReadonlySet<WorkspacePath>;
  /** What options in rc files and of the legs name, of both revisions; folders end with a `/`. */
  readonly namedInOptions: ReadonlySet<WorkspacePath>;
  /** The values of `--package_path` under which packages may lie at other paths than their labels say. */
  readonly packagePaths: readonly string[];
  /** Whether an rc file turns on aspects: their code is in no rule's digest. */
  readonly aspectsInOptions: boolean;
  readonly texts: ComparedTexts;
}

/** A changed file's text at base and head, by its path; null where it does not exist there. */
export type ComparedTexts = ReadonlyMap<
  WorkspacePath,
  { readonly before: string | null; readonly after: string | null }
>;
