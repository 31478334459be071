import { isDependencyManifest } from '../graph/dependency-manifests.js';
import { makeLabel, type Label, type PackagePath, type WorkspacePath } from '../graph/label.js';
import { resolveLoad } from '../starlark/loads.js';
import { stringLiterals, tokensOf } from '../starlark/tokens.js';

/**
 * What the workspace's module files (MODULE.bazel, WORKSPACE, and the .bzl code that they use) may read: they make the
 * external repositories, and no package owns what goes into those.
 */
export interface ModuleInputs {
  /** Module files and the .bzl files that they reach. */
  readonly code: ReadonlySet<WorkspacePath>;
  /** Paths that the code names, of files or of folders. */
  readonly named: ReadonlySet<WorkspacePath>;
  /** Labels that the code names: external repositories can depend on those, by edges that no query of ours prints. */
  readonly labels: ReadonlySet<Label>;
  /** Whether any code runs that could read a file without naming it. */
  readonly runsCode: boolean;
}

/** Files of the workspace's root (and what they include) that say what the external repositories are. */
export function isModuleFile(path: WorkspacePath): boolean {
  return /^(MODULE\.bazel|WORKSPACE|WORKSPACE\.bazel|WORKSPACE\.bzlmod)$|\.MODULE\.bazel$/.test(path);
}

/** The paths that a module file or .bzl file names, and the code files among them. */
export interface Mentions {
  readonly code: readonly WorkspacePath[];
  readonly paths: readonly WorkspacePath[];
  /** What is written as a label: it can be a rule as well as a file. */
  readonly labels: readonly Label[];
}

/**
 * What one file mentions: every string that could be a label or a path of the workspace.
 *
 * @param mainNames the main repository's own names (see `mainRepositoryNames`)
 */
export function mentionsOf(path: WorkspacePath, source: string, mainNames: ReadonlySet<string>): Mentions {
  const packagePath = folderOf(path);
  const code: WorkspacePath[] = [];
  const paths: WorkspacePath[] = [];
  const labels: Label[] = [];
  const harmless = identityStrings(source);
  for (const literal of stringLiterals(source)) {
    if (literal === '' || literal.length > 1024 || /[\n\0]/.test(literal)) continue;
    const file = resolveLoad(literal, packagePath, mainNames);
    if (file.kind === 'external') continue;
    if (/\.(bzl|scl)$|\.MODULE\.bazel$/.test(file.path)) code.push(file.path);
    if (harmless.has(literal)) continue;
    paths.push(file.path);
    if (/^[@:]|^\/\//.test(literal)) labels.push(labelOf(file));
    // A plain string can be a path from the workspace's root as well as one from the file's own package.
    const fromRoot = literal.replace(/^\.\//, '').replace(/\/+$/, '');
    if (fromRoot !== '' && fromRoot !== '.' && !fromRoot.startsWith('/'))
      paths.push(fromRoot as WorkspacePath);
  }
  return { code, paths, labels };
}

function labelOf(file: { readonly packagePath: PackagePath; readonly path: WorkspacePath }): Label {
  const { packagePath, path } = file;
  return makeLabel(packagePath, packagePath === '' ? path : path.slice(packagePath.length + 1));
}

const IDENTITIES = new Set([
  'name',
  'repo_name',
  'module_name',
  'version',
  'sha256',
  'integrity',
  'tag',
  'commit',
]);

/** Calls whose strings are names of modules, repositories and targets, never paths of files. */
const NAMING_CALLS = new Set([
  'module',
  'bazel_dep',
  'use_repo',
  'use_extension',
  'use_repo_rule',
  'inject_repo',
  'override_repo',
]);

/** Strings that only ever name a thing and no path: `bazel_dep(name = "platforms")` is not the folder `platforms`. */
function identityStrings(source: string): Set<string> {
  const identities = new Set<string>();
  const others = new Set<string>();
  const calls: string[] = [];
  const tokens = [...tokensOf(source)];
  tokens.forEach((token, index) => {
    const previous = tokens[index - 1];
    if (token.kind === 'operator' && token.text === '(') {
      calls.push(previous?.kind === 'name' ? previous.text : '');
    } else if (token.kind === 'operator' && token.text === ')') {
      calls.pop();
    } else if (token.kind === 'string') {
      const key = tokens[index - 2];
      const isValue = previous?.kind === 'operator' && previous.text === '=' && key?.kind === 'name';
      const isIdentity = (isValue && IDENTITIES.has(key.text)) || NAMING_CALLS.has(calls.at(-1) ?? '');
      (isIdentity ? identities : others).add(token.value);
    }
  });
  for (const other of others) identities.delete(other);
  return identities;
}

/** Whether the code of the module files may read a path, and why. */
export function readByModules(path: WorkspacePath, inputs: ModuleInputs): string | null {
  if (isModuleFile(path)) return 'a module file';
  if (inputs.code.has(path)) return 'code that module files use';
  for (let at: string = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (inputs.named.has(at as WorkspacePath)) return `module files name ${at}`;
  }
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

function folderOf(path: WorkspacePath): PackagePath {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as PackagePath;
}
