import type { RepositoryPath } from '../../graph/tree.js';
import type { WorkspacePath } from '../../graph/label.js';
import { labelsOfFile } from '../../graph/labels-of-file.js';
import { folderOf, foldersAbove } from '../../graph/folders.js';
import { isBuildFile } from '../../graph/package.js';
import { significantCode, significantTokens } from '../../formats/starlark-tokens.js';
import { withNamedBelowLinks } from './named-below-links.js';
import { isLink, type ShownChange } from '../../graph/change.js';
import { isGitAttributes, sameConversions } from './git-attributes.js';
import type { Surroundings } from './surroundings.js';
import {
  BAZELISK_FILE,
  LOCK_FILE,
  PLATFORM_MAPPINGS,
  REPO_FILE,
  VERSION_FILE,
} from '../../graph/bazel-files.js';
import {
  isBazelWrapper,
  isModuleFile,
  isStarlark,
  isWrittenInStarlark,
} from '../../loading/inputs/file-roles.js';
import { isRead, type UnrecordedReads } from '../../loading/externals/externals-record.js';
import { isReadByConvention } from '../../loading/inputs/dependency-manifests.js';
import { readByModules, type ModuleInputs } from '../../loading/externals/module-files.js';
import { mayFind } from '../../loading/externals/own-code.js';
import type { Everything } from '../affected/seed.js';

/** Whether `escalationOf` compares the texts of a changed file. */
export function needsText(path: WorkspacePath): boolean {
  return isModuleFile(path) || isGitAttributes(path) || TEXT_COMPARED.has(path);
}

const TEXT_COMPARED = new Set([VERSION_FILE, LOCK_FILE, REPO_FILE]);

/** What a change of a loading input that belongs to no package means. */
export type Escalation =
  /** All targets are affected. */
  { readonly kind: 'everything'; readonly because: Everything } | ExternalsEscalation;

/** Only external repositories can notice the change, so what depends on them has to be found out. */
export interface ExternalsEscalation {
  readonly kind: 'externals';
  /** Why everything is affected if that cannot be found out. */
  readonly because: Everything;
  /** Whether a file changed that the rules of repositories may read, beside module files and the lock file. */
  readonly areRead: boolean;
  /** Whether a changed file has a label that module files, or code that they lead to, name. */
  readonly areNamed: boolean;
}

/**
 * What the changes of loading inputs that belong to no package mean, unless they are proved harmless; null if there are
 * none. A change that affects everything counts before others.
 *
 * @param outside changed paths that lie outside the workspace
 */
export function escalationOf(
  changes: readonly ShownChange[],
  outside: readonly RepositoryPath[],
  surroundings: Surroundings,
): Escalation | null {
  const found = withNamedBelowLinks(changes, surroundings).flatMap((change) => {
    const effect = effectOf(change, surroundings);
    return effect === null ? [] : [{ change, effect }];
  });
  const general =
    escalatedOutside(outside, surroundings) ??
    found
      .map(({ change, effect }) => (effect.kind === 'everything' ? becauseOf(change, effect) : null))
      .find((because) => because !== null) ??
    escalatedByLayout(changes[0]?.origin ?? outside[0], surroundings);
  if (general !== null) return { kind: 'everything', because: general };
  const [first] = found;
  if (first === undefined) return null;
  const because = becauseOf(first.change, first.effect);
  return {
    kind: 'externals',
    because,
    areRead: found.some(({ change }) => !isModuleFile(change.path) && change.path !== LOCK_FILE),
    areNamed: changes.some(({ path }) => hasNamedLabel(path, surroundings)),
  };
}

/** Whether one of the labels that a file can have is named. */
function hasNamedLabel(path: WorkspacePath, { moduleInputs }: Surroundings): boolean {
  return [...labelsOfFile(path)].some((label) => moduleInputs.labels.has(label));
}

function becauseOf({ origin }: ShownChange, { reason }: Effect): Everything {
  return { reason: `${origin} changed: ${reason}`, change: origin };
}

function escalatedOutside(outside: readonly RepositoryPath[], surroundings: Surroundings): Everything | null {
  const [first] = outside;
  const reachesOut = leavesWorkspace(surroundings);
  if (first !== undefined && reachesOut !== null) {
    return { reason: `${first} changed: ${reachesOut}, which leaves the workspace`, change: first };
  }
  const attributes = outside.find(isGitAttributes);
  return attributes === undefined
    ? null
    : { reason: `${attributes} changed: ${BYTES_OF_A_CHECKOUT}`, change: attributes };
}

/** @param any a changed path; undefined if nothing changed */
function escalatedByLayout(
  any: RepositoryPath | undefined,
  { hidesUsablePackages, packagePaths: [packagePath] }: Surroundings,
): Everything | null {
  if (any === undefined) return null;
  if (hidesUsablePackages) {
    return {
      reason: `${any} changed: REPO.bazel hides packages from //... that others can use (traversal_ignore_directories)`,
      change: any,
    };
  }
  if (packagePath === undefined) return null;
  return {
    reason: `${any} changed: with --package_path=${packagePath}, packages may lie at other paths than their labels say`,
    change: any,
  };
}

const BYTES_OF_A_CHECKOUT = 'it decides how git converts unchanged files in a checkout';

function leavesWorkspace(surroundings: Surroundings): string | null {
  const named = surroundings.moduleInputs.named.leadingOut();
  if (named !== undefined) return `module files name ${named}`;
  const places = [
    ['rc files import', surroundings.rcFiles],
    ['options of Bazel name', surroundings.namedInOptions],
    ['the workspace status command names', new Set(surroundings.statusFiles.keys())],
  ] as const;
  for (const [how, paths] of places) {
    const path = [...paths].find((named) => named.startsWith('../'));
    if (path !== undefined) return `${how} ${path}`;
  }
  return null;
}

/** What a change affects, and why. */
interface Effect {
  readonly kind: 'everything' | 'externals';
  readonly reason: string;
}

function effectOf(change: ShownChange, surroundings: Surroundings): Effect | null {
  for (const rule of RULES) {
    const found = rule(change, surroundings);
    if (found !== PASS) return typeof found === 'string' ? { kind: 'everything', reason: found } : found;
  }
  return null;
}

function externals(reason: string): Effect {
  return { kind: 'externals', reason };
}

/** The rule does not decide about the change. */
const PASS = Symbol('pass');

/**
 * Why a change affects everything or external repositories, null if it is proved not to, or that another rule has to
 * decide.
 */
type Rule = (change: ShownChange, surroundings: Surroundings) => Effect | string | null | typeof PASS;

/** The first rule that decides about a change is the one that counts. */
const RULES: readonly Rule[] = [
  unreadableName,
  bazelVersion,
  rcFile,
  readByStatusCommand,
  namedInOptions,
  gitAttributes,
  filesOfBazel,
  // It affects everything, and the rules after it only what depends on external repositories.
  aspectCode,
  nestedWorkspace,
  moduleInput,
];

function unreadableName({ path }: ShownChange): ReturnType<Rule> {
  return path.includes('\uFFFD') ? 'its name is not valid UTF-8, so it cannot be matched with a label' : PASS;
}

function bazelVersion(change: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  if (change.path === BAZELISK_FILE) return 'it can name another version of Bazel';
  if (change.path !== VERSION_FILE) return PASS;
  return same(change, surroundings, (text) => text.trim())
    ? null
    : 'another version of Bazel may build everything differently';
}

function rcFile({ path }: ShownChange, { optionsChangedBy }: Surroundings): ReturnType<Rule> {
  const change = optionsChangedBy.get(path);
  switch (change?.kind) {
    case 'difference':
      return change.difference;
    case 'only layout':
      return null;
    case 'harmless':
    case undefined:
      return PASS;
  }
}

function namedInOptions({ path }: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  if (path === PLATFORM_MAPPINGS) return 'it maps platforms and flags';
  const option = namedByOption(path, surroundings.namedInOptions);
  return option === null ? PASS : `options of Bazel name ${option}`;
}

/** Which targets are stamped cannot be known: rules of any class may read the status files of Bazel. */
function readByStatusCommand({ path }: ShownChange, { statusFiles }: Surroundings): ReturnType<Rule> {
  if ([...statusFiles.values()].includes(path))
    return 'it is the workspace status command, and stamped targets contain what it prints';
  for (const named of pathsThatName(path)) {
    const command = statusFiles.get(named);
    if (command !== undefined)
      return `the workspace status command ${command} may read it, and stamped targets contain what it prints`;
  }
  return PASS;
}

function gitAttributes({ path }: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  if (!isGitAttributes(path)) return PASS;
  const texts = surroundings.texts.get(path);
  return texts !== undefined && sameConversions(texts.before ?? '', texts.after ?? '')
    ? null
    : BYTES_OF_A_CHECKOUT;
}

function filesOfBazel(change: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  if (isBazelWrapper(change.path)) return 'it wraps every call of Bazel';
  if (change.path === LOCK_FILE)
    return same(change, surroundings, canonicalJson) ? null : externals('external repositories may differ');
  if (change.path === REPO_FILE)
    return same(change, surroundings, significantTokens) ? null : 'it gives every package its defaults';
  return PASS;
}

function nestedWorkspace({ path }: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  const nested = nestedWorkspaceOf(path, surroundings.moduleInputs.repositories);
  return nested === null ? PASS : externals(`it lies in the repository ${nested}, which the workspace uses`);
}

function moduleInput(change: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  const readBecause = whyRead(change, surroundings);
  if (readBecause === null) return PASS;
  const onlyLayout = isWrittenInStarlark(change.path) && same(change, surroundings, significantCode);
  return onlyLayout ? null : externals(`external repositories may differ (${readBecause})`);
}

/** Why external repositories may depend on a changed file; null if they do not. */
function whyRead(change: ShownChange, surroundings: Surroundings): string | null {
  const { path } = change;
  const { moduleInputs, reads } = surroundings;
  const named = readByModules(path, moduleInputs);
  if (reads.kind === 'unrecorded') return named ?? whyUnrecorded(change, reads, surroundings);
  if (isRead(path, reads.record)) return named ?? 'external repositories read it';
  // Programs find manifests by themselves, and a repository may have an edge to a target without reading its file.
  const countsUnread =
    decidesWhatIsRead(path, moduleInputs) ||
    isReadByConvention(path, moduleInputs.rulesUsed) ||
    hasNamedLabel(path, surroundings);
  if (countsUnread) return named ?? 'module files name its label';
  return change.status === 'modified' && !isLink(change) ? null : (named ?? whyFound(change, surroundings));
}

/** Why code of the workspace may read a file where it is not recorded what it reads; null if it does not. */
function whyUnrecorded(
  change: ShownChange,
  reads: UnrecordedReads,
  surroundings: Surroundings,
): string | null {
  const { ownCode } = surroundings.moduleInputs;
  if (ownCode === null) return null;
  if (reads.counts === 'findable files')
    return hasNamedLabel(change.path, surroundings)
      ? 'module files name its label'
      : whyFound(change, surroundings);
  const why =
    reads.failure === null
      ? 'no plan has recorded yet what it reads'
      : `what it reads cannot be recorded: ${reads.failure}`;
  return `${ownCode.path} may read it: ${why}`;
}

/**
 * Why code of the workspace may find a path, by its texts; null if it does not. A record says what code reads, but not for
 * which files it looks.
 */
function whyFound(change: ShownChange, { moduleInputs, otherFolders }: Surroundings): string | null {
  const { ownCode } = moduleInputs;
  if (ownCode === null) return null;
  if (isLink(change)) return `${ownCode.path} may find files behind it`;
  if (mayFind(change.path, ownCode)) return `${ownCode.path} may look for it`;
  return change.status !== 'modified' && otherFolders
    ? `${ownCode.path} may look for a folder that appears or vanishes`
    : null;
}

function decidesWhatIsRead(path: WorkspacePath, { code }: ModuleInputs): boolean {
  return isModuleFile(path) || code.has(path);
}

function aspectCode(change: ShownChange, surroundings: Surroundings): ReturnType<Rule> {
  const { path } = change;
  const { files, elsewhere } = surroundings.aspectCode;
  const isCode =
    files.has(path) || (elsewhere.length > 0 && isStarlark(path) && hasNamedLabel(path, surroundings));
  const isWay = isLink(change) && [...files].some((file) => file.startsWith(`${path}/`));
  return (isCode && !same(change, surroundings, significantCode)) || isWay || isNewPackage(change, files)
    ? 'it has code of an aspect that options of Bazel turn on, which no digest of a rule covers'
    : PASS;
}

/** Whether some files belong to another package than before, under which labels do not find them. */
function isNewPackage({ path, status }: ShownChange, files: ReadonlySet<WorkspacePath>): boolean {
  if (status === 'modified' || !isBuildFile(path)) return false;
  const folder = folderOf(path);
  return [...files].some((file) => folder === '' || file.startsWith(`${folder}/`));
}

function namedByOption(path: WorkspacePath, named: ReadonlySet<WorkspacePath>): string | null {
  return (
    pathsThatName(path)
      .find((each) => named.has(each))
      ?.replace(/\/$/, '') ?? null
  );
}

/** The path itself and, with a `/` at their ends, the folders above it. */
function pathsThatName(path: WorkspacePath): WorkspacePath[] {
  const folders = [...foldersAbove(path)].filter((folder) => folder !== '');
  return [path, ...folders.map((folder) => `${folder}/` as WorkspacePath)];
}

/** Whether the text of a file is the same before and after, compared in the form that `canonical` returns. */
function same(change: ShownChange, surroundings: Surroundings, canonical: (text: string) => string): boolean {
  const texts = surroundings.texts.get(change.path);
  if (texts === undefined || texts.before === null || texts.after === null) return false;
  return canonical(texts.before) === canonical(texts.after);
}

function canonicalJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

function nestedWorkspaceOf(path: WorkspacePath, nested: ReadonlySet<WorkspacePath>): WorkspacePath | null {
  for (const folder of foldersAbove(path)) if (nested.has(folder)) return folder;
  return null;
}
