import { isDependencyManifest } from '../inputs/dependency-manifests.js';
import { isModuleFile } from '../inputs/file-roles.js';
import type { WorkspacePath } from '../../graph/label.js';
import { tokensOf } from '../../formats/starlark-tokens.js';
import type { NamedLabels, NamedPaths } from './named-paths.js';

/**
 * What the workspace's module files (MODULE.bazel, WORKSPACE, and the .bzl code that they use) may read: they make the
 * external repositories, and no package owns what goes into those.
 */
export interface ModuleInputs {
  /** Module files, the .bzl files that they reach, and those that external repositories load. */
  readonly code: ReadonlySet<WorkspacePath>;
  /** Paths that the code names, of files or of folders. */
  readonly named: NamedPaths;
  /** Labels that the code names: external repositories can depend on those, by edges that no query of ours prints. */
  readonly labels: NamedLabels;
  /** Whether any code runs that could read a file without naming it. */
  readonly runsCode: boolean;
}

/** What the module files of two revisions may read. */
export function joinedInputs(one: ModuleInputs, other: ModuleInputs): ModuleInputs {
  return {
    code: new Set([...one.code, ...other.code]),
    named: one.named.with(other.named),
    labels: one.labels.with(other.labels),
    runsCode: one.runsCode || other.runsCode,
  };
}

/** Whether the code of the module files may read a path, and why. */
export function readByModules(path: WorkspacePath, inputs: ModuleInputs): string | null {
  if (isModuleFile(path)) return 'a module file';
  if (inputs.code.has(path)) return 'code that module files use';
  const name = inputs.named.nameOf(path);
  if (name !== null) return `module files name ${name}`;
  if (inputs.runsCode && isDependencyManifest(path))
    return 'a dependency manifest, which module extensions may read';
  return null;
}

/** Whether a module file runs code: an extension, a repository rule, a WORKSPACE macro. */
export function runsCode(source: string): boolean {
  return [...tokensOf(source)].some(
    (token) => token.kind === 'name' && ['use_extension', 'use_repo_rule', 'load'].includes(token.text),
  );
}
