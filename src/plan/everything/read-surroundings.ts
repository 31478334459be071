import type { Surroundings } from './surroundings.js';
import { withNamedBehindLinks } from './behind-links.js';
import type { ShownChange } from '../../graph/change.js';
import { filesLoadedBy, labelsInCode, makesTransitions } from './code-labels.js';
import { needsText } from './escalation.js';
import type { Named } from './hidden-edges.js';
import {
  aspectsIn,
  fileOfAspect,
  importedRcFiles,
  labelsInOptions,
  packagePathsIn,
  pathsInOptions,
  workspacePathIn,
} from '../../formats/rc.js';
import { isMainRepository, makeLabel, packageOf, type Label, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import type { PlanInputs } from '../plan-inputs.js';
import {
  isModuleFile,
  isStarlark,
  nestedRepositoriesAmong,
  ROOT_RC_FILE,
} from '../../loading/inputs/file-roles.js';
import type { ModuleInputs } from '../../loading/externals/module-files.js';
import { moduleInputsOf } from '../../loading/externals/module-inputs.js';
import { supplyTexts } from '../../loading/inputs/texts.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { rcFilesNamedIn, rcTextsOutsideRevisions, type Checkout } from '../../loading/inputs/rc-files.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';

/** The surroundings of a plan's changes, and the labels that rc files and module files name, each with who does. */
export interface ReadSurroundings {
  readonly surroundings: Surroundings;
  readonly namedLabels: Named;
}

/**
 * Reads what decides whether a change that no package owns reaches everything: from both revisions, and from the rc files
 * that are no part of any.
 */
export async function readSurroundings(
  base: RevisionFiles,
  head: RevisionFiles,
  changes: readonly ShownChange[],
  { bazel: { startupOptions, queryOptions }, legOptions }: Pick<PlanInputs, 'bazel' | 'legOptions'>,
  checkout: Checkout,
): Promise<ReadSurroundings> {
  const outside = rcTextsOutsideRevisions(startupOptions, checkout.workspaceFolder).map((text) =>
    checkout.relative(text ?? ''),
  );
  const rcRoots = [
    ROOT_RC_FILE,
    ...rcFilesNamedIn(startupOptions).flatMap((path) =>
      inRevision(workspacePathIn(checkout.relativePath(path))),
    ),
    ...outside.flatMap(importsOf),
  ];
  const rcTexts = [
    ...(await rcFilesOf(base, rcRoots, checkout)),
    ...(await rcFilesOf(head, rcRoots, checkout)),
  ];
  const options = [
    ...rcTexts.map(([, text]) => text),
    ...outside,
    ...[...legOptions, ...queryOptions.map(quoted)].map((line) => checkout.relative(`common ${line}`)),
  ];
  const rcFiles = new Set(rcRoots.concat(rcTexts.flatMap(([path, text]) => [path, ...importsOf(text)])));
  const main = (await mainRepositoryIn(base)).alsoCalled(...(await mainRepositoryIn(head)).names);
  const namedInOptions = new Set(
    options.flatMap((text) => pathsInOptions(text).map((path) => path as WorkspacePath)),
  );
  const repositories = [...namedInOptions].flatMap((path) => (path.endsWith('/') ? [path.slice(0, -1)] : []));
  const moduleInputs = join(
    await readModuleInputs(base, repositories),
    await readModuleInputs(head, repositories),
  );
  const labelsOfOptions = new Set(options.flatMap((text) => labelsInOptions(text, main)));
  const aspects = options.flatMap(aspectsIn);
  const aspectFiles = aspects.flatMap((aspect) => fileOfAspect(aspect, main) ?? []);
  const labelsOfCode = new Map([
    ...(await labelsInTransitions(head, main)),
    ...(await labelsInCodeFrom(aspectFiles, head, main)).map(
      ([label, path]) => [label, `the code of aspects that options of Bazel turn on, in ${path}`] as const,
    ),
  ]);
  const named = { moduleInputs, rcFiles, namedInOptions };
  const compared = withNamedBehindLinks(changes, named)
    .map((change) => change.path)
    .filter((path) => needsText(path, rcFiles) || moduleInputs.code.has(path));
  const before = await base.texts(compared);
  const after = await head.texts(compared);
  return {
    surroundings: {
      ...named,
      nestedWorkspaces: new Set([...nestedWorkspacesOf(base), ...nestedWorkspacesOf(head)]),
      packagePaths: options.flatMap(packagePathsIn),
      aspectsInOptions: aspects.length > 0,
      texts: new Map(
        compared.map((path) => [path, { before: before.get(path) ?? null, after: after.get(path) ?? null }]),
      ),
    },
    namedLabels: {
      by: (label) => {
        if (labelsOfOptions.has(label)) return 'an option of Bazel';
        if (moduleInputs.labels.has(label)) return 'a module file, or what it leads to';
        return labelsOfCode.get(label) ?? labelsOfCode.get(wholePackageOf(label)) ?? null;
      },
    },
  };
}

/** What stands for all targets of a label's package where code names labels: one without a name. */
function wholePackageOf(label: Label): Label {
  return isMainRepository(label) ? makeLabel(packageOf(label), '') : label;
}

/** A word as a line of an rc file has it. */
function quoted(word: string): string {
  return `"${word.replace(/["\\]/g, '\\$&')}"`;
}

/** The rc files of the workspace and those that they import, with absolute paths of the checkout made relative. */
async function rcFilesOf(
  files: RevisionFiles,
  roots: readonly WorkspacePath[],
  checkout: Checkout,
): Promise<[WorkspacePath, string][]> {
  const reached = await reach(roots, files, (_, text) => importsOf(checkout.relative(text)));
  return reached.map(([path, text]) => [path, checkout.relative(text)]);
}

function importsOf(text: string): WorkspacePath[] {
  return importedRcFiles(text).flatMap(inRevision);
}

/** What lies nowhere in the checkout is no part of a revision. */
function inRevision(path: string): WorkspacePath[] {
  return path.startsWith('/') ? [] : [path as WorkspacePath];
}

async function mainRepositoryIn(files: RevisionFiles): Promise<MainRepository> {
  const paths = files.listing.entries.map((entry) => entry.path).filter(isModuleFile);
  return mainRepositoryOf([...(await files.texts(paths)).values()]);
}

/** Labels that transitions may set, each with who names it. */
async function labelsInTransitions(
  files: RevisionFiles,
  main: MainRepository,
): Promise<(readonly [Label, string])[]> {
  const code = files.listing.entries.map((entry) => entry.path).filter(isStarlark);
  const roots = [...(await files.texts(code))].flatMap(([path, text]) =>
    makesTransitions(text) ? path : [],
  );
  const labels = await labelsInCodeFrom(roots, files, main);
  return labels.map(([label, path]) => [label, `the code of transitions, in ${path}`]);
}

/**
 * Labels in .bzl files and in those that they load, each with the file. Of the head alone: where that code changed, so did
 * the digests of the rules that use it.
 */
async function labelsInCodeFrom(
  roots: readonly WorkspacePath[],
  files: RevisionFiles,
  main: MainRepository,
): Promise<[Label, WorkspacePath][]> {
  const code = await reach(roots, files, (path, text) => filesLoadedBy(path, text, main));
  return code.flatMap(([path, text]) =>
    labelsInCode(path, text, main).map((label): [Label, WorkspacePath] => [label, path]),
  );
}

/** What the module files of a revision read. */
async function readModuleInputs(
  files: RevisionFiles,
  repositories: readonly string[],
): Promise<ModuleInputs> {
  const all = files.listing.entries.map((entry) => entry.path);
  return supplyTexts(moduleInputsOf(all, repositories), (paths) => files.texts(paths));
}

/** Files with their texts, from the roots along what each text leads to; each once, missing ones left out. */
async function reach(
  roots: readonly WorkspacePath[],
  files: RevisionFiles,
  leadsTo: (path: WorkspacePath, text: string) => readonly WorkspacePath[],
): Promise<[WorkspacePath, string][]> {
  const reached = new Map<WorkspacePath, string>();
  let level: readonly WorkspacePath[] = roots;
  while (level.length > 0) {
    const texts = await files.texts(level.filter((path) => !reached.has(path)));
    const next: WorkspacePath[] = [];
    for (const [path, text] of texts) {
      reached.set(path, text);
      next.push(...leadsTo(path, text));
    }
    level = next.filter((path) => !reached.has(path));
  }
  return [...reached];
}

function join(one: ModuleInputs, other: ModuleInputs): ModuleInputs {
  return {
    code: new Set([...one.code, ...other.code]),
    named: one.named.with(other.named),
    labels: one.labels.with(other.labels),
    runsCode: one.runsCode || other.runsCode,
  };
}

/** Folders below the workspace's root that are workspaces of their own. */
function nestedWorkspacesOf(files: RevisionFiles): Set<WorkspacePath> {
  return nestedRepositoriesAmong(files.listing.entries.map((entry) => entry.path));
}
