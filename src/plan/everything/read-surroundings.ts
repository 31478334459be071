import type { ShownChange } from '../../graph/change.js';
import { isMainRepository, makeLabel, packageOf, type Label, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { significantCode } from '../../formats/starlark-tokens.js';
import { optionsOfMappings, type LabelsElsewhere } from '../../formats/rc.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { joinedInputs, type ModuleInputs } from '../../loading/externals/module-files.js';
import { moduleInputsOf } from '../../loading/externals/module-inputs.js';
import { REPO_FILE } from '../../graph/bazel-files.js';
import { FileNames } from '../../loading/inputs/file-names.js';
import type { Checkout } from '../../loading/source/checkout.js';
import { supplyTexts } from '../../loading/inputs/texts.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import type { PlanInputs } from '../plan-inputs.js';
import { withNamedBelowLinks } from './named-below-links.js';
import { needsText } from './escalation.js';
import type { Named } from './hidden-edges.js';
import { readCodeLabels, type CodeLabels } from './read-code-labels.js';
import { readStatusFiles } from './status-files.js';
import { changedProjects, readProjects, type ChangedProject } from './projects.js';
import { Options, optionsFromElsewhere } from './options.js';
import { readOptions } from './read-options.js';
import type { ComparedTexts, Surroundings } from './surroundings.js';
import type { TransitionCode } from './transitions.js';

/**
 * The surroundings of a plan's changes, and the labels that options, module files and code name, each with what names
 * it.
 */
export interface ReadSurroundings {
  readonly surroundings: Surroundings;
  /** The projects whose options may differ between the two revisions. */
  readonly changedProjects: readonly ChangedProject[];
  readonly namedLabels: NamersOfLabels;
  /** The labels of other repositories that options and transitions name. */
  readonly namedElsewhere: LabelsElsewhere;
  readonly transitions: TransitionCode;
  /** Whether options name what Bazel loads from other repositories without load statements. */
  readonly namesAutoloads: boolean;
}

/** What names labels, so that a change of their targets affects everything. */
export interface NamersOfLabels {
  readonly always: Named;
  /**
   * What counts if the external repositories of both revisions were compared. The source files that module files name are
   * not among them, because what their changes mean is known then.
   */
  readonly besidesExternals: Named;
}

/**
 * Reads what decides whether a change that belongs to no package affects everything: from both revisions, and from the
 * rc files that belong to neither.
 *
 * @param recorded what is known about what external repositories read
 * @throws GitError
 */
export async function readSurroundings(
  base: RevisionFiles,
  head: RevisionFiles,
  changes: readonly ShownChange[],
  inputs: Pick<PlanInputs, 'bazel' | 'legOptions' | 'legs'>,
  checkout: Checkout,
  recorded: Pick<Surroundings, 'reads' | 'otherFolders'>,
): Promise<ReadSurroundings> {
  const changed = changes.map((change) => change.path);
  const { options, rcFiles } = await readOptions(base, head, changed, inputs, checkout);
  const main = (await mainRepositoryIn(base)).alsoCalled(...(await mainRepositoryIn(head)).names);
  const projects = [...(await readProjects(base, main)), ...(await readProjects(head, main))];
  const mappings = [
    ...(await base.texts(options.platformMappings)).values(),
    ...(await head.texts(options.platformMappings)).values(),
  ];
  const all = options.and(
    new Options([
      ...projects.flatMap((project) => project.options),
      ...mappings.map((text) => optionsFromElsewhere(optionsOfMappings(text))),
    ]),
  );
  const repositories = options.repositories(main);
  const moduleInputs = joinedInputs(
    await readModuleInputs(base, repositories),
    await readModuleInputs(head, repositories),
  );
  const codeLabels = await readCodeLabels(
    head,
    { main: all.aspectFiles(main), elsewhere: all.aspectFilesElsewhere(main) },
    main,
  );
  const named = { moduleInputs, rcFiles: rcFiles.paths, namedInOptions: all.paths };
  const elsewhere = all.labelsElsewhere(main);
  const judged = withNamedBelowLinks(changes, named).map((change) => change.path);
  const compared = judged.filter(
    (path) => needsText(path) || moduleInputs.code.has(path) || codeLabels.aspectCode.files.has(path),
  );
  return {
    surroundings: {
      ...named,
      ...recorded,
      optionsChangedBy: new Map(
        judged.filter((path) => rcFiles.has(path)).map((path) => [path, rcFiles.changeOf(path)]),
      ),
      packagePaths: options.packagePaths,
      hidesUsablePackages: (await hidesUsablePackages(base)) || (await hidesUsablePackages(head)),
      aspectCode: codeLabels.aspectCode,
      statusFiles: new Map([
        ...(await readStatusFiles(base, options.statusCommands)),
        ...(await readStatusFiles(head, options.statusCommands)),
      ]),
      texts: await comparedTexts(compared, base, head),
    },
    changedProjects: changedProjects(projects, changes),
    namedLabels: namedLabels(all.labels(main), moduleInputs, codeLabels),
    namedElsewhere: { ...elsewhere, targets: [...elsewhere.targets, ...codeLabels.elsewhere] },
    transitions: codeLabels.transitions,
    namesAutoloads: all.namesAutoloads,
  };
}

function namedLabels(
  ofOptions: ReadonlySet<Label>,
  moduleInputs: ModuleInputs,
  { named, anyNamedBy }: CodeLabels,
): NamersOfLabels {
  const byCode = (label: Label): string | null =>
    named.get(label) ?? named.get(wholePackageOf(label)) ?? anyNamedBy;
  const byModules = (label: Label): string | null =>
    moduleInputs.labels.has(label) ? 'a module file, or what it leads to' : null;
  const byOptions = (label: Label): string | null => (ofOptions.has(label) ? 'an option of Bazel' : null);
  return {
    always: { by: (label) => byOptions(label) ?? byModules(label) ?? byCode(label) },
    besidesExternals: {
      by: (label, kind) => byOptions(label) ?? (kind === 'source' ? null : byModules(label)) ?? byCode(label),
    },
  };
}

/** The label without a name, which stands for all targets of a package if code names it. */
function wholePackageOf(label: Label): Label {
  return isMainRepository(label) ? makeLabel(packageOf(label), '') : label;
}

async function comparedTexts(
  paths: readonly WorkspacePath[],
  base: RevisionFiles,
  head: RevisionFiles,
): Promise<ComparedTexts> {
  const before = await base.texts(paths);
  const after = await head.texts(paths);
  return new Map(
    paths.map((path) => [path, { before: before.get(path) ?? null, after: after.get(path) ?? null }]),
  );
}

async function mainRepositoryIn(files: RevisionFiles): Promise<MainRepository> {
  return mainRepositoryOf([...(await files.texts(FileNames.of(files.listing.paths).moduleFiles)).values()]);
}

/**
 * What the module files of a revision read.
 *
 * @param repositories folders from which options may create repositories
 */
async function readModuleInputs(
  files: RevisionFiles,
  repositories: ReadonlySet<WorkspacePath>,
): Promise<ModuleInputs> {
  const folders = await files.foldersAt(repositories);
  return supplyTexts(moduleInputsOf(files.listing.paths, folders), (paths) => files.texts(paths));
}

/** Whether REPO.bazel calls `traversal_ignore_directories()`, which is newer than Bazel 9.0. */
async function hidesUsablePackages(files: RevisionFiles): Promise<boolean> {
  const text = (await files.texts([REPO_FILE])).get(REPO_FILE) ?? '';
  return significantCode(text).includes('traversal_ignore_directories');
}
