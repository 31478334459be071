import { isReadByConvention } from '../inputs/dependency-manifests.js';
import { isModuleFile } from '../inputs/file-roles.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { NamedPaths } from './named-paths.js';
import type { OpenTexts } from './open-texts.js';
import { joinedCode, type OwnCode } from './own-code.js';

/**
 * What the workspace's module files (MODULE.bazel, WORKSPACE, and the .bzl code that they use) may read. These files
 * define the external repositories, and what they read for this belongs to no package.
 */
export interface ModuleInputs {
  /** Module files, the .bzl files that they load or name, and the .bzl files that external repositories load. */
  readonly code: ReadonlySet<WorkspacePath>;
  /** The files and folders that the code, and the lists that it leads to, name. */
  readonly named: NamedPaths;
  /** The code of the workspace that can read any file; null if only code of other repositories runs. */
  readonly ownCode: OwnCode | null;
  /**
   * The labels that the code names, also those that it puts together. External repositories can depend on them by edges that the plan's queries do not
   * print.
   */
  readonly labels: OpenTexts;
  /** The folders below the root that are repositories themselves and that module files or options name. */
  readonly repositories: ReadonlySet<WorkspacePath>;
  /** The names of the other repositories whose rules the code uses. They read some files by convention. */
  readonly rulesUsed: ReadonlySet<string>;
}

/** Combines what the module files of two revisions may read. */
export function joinedInputs(one: ModuleInputs, other: ModuleInputs): ModuleInputs {
  return {
    code: new Set([...one.code, ...other.code]),
    named: one.named.with(other.named),
    ownCode: joinedCode(one.ownCode, other.ownCode),
    labels: one.labels.with(other.labels),
    repositories: new Set([...one.repositories, ...other.repositories]),
    rulesUsed: new Set([...one.rulesUsed, ...other.rulesUsed]),
  };
}

/**
 * The reason why the code of module files may read a path, other than that code of the workspace can read any file; null if
 * it does not.
 */
export function readByModules(path: WorkspacePath, inputs: ModuleInputs): string | null {
  if (isModuleFile(path)) return 'a module file';
  if (inputs.code.has(path)) return 'code that module files use';
  const name = inputs.named.nameOf(path);
  if (name !== null) return `module files name ${name}`;
  if (isReadByConvention(path, inputs.rulesUsed))
    return 'a dependency manifest, which module extensions may read';
  return null;
}
