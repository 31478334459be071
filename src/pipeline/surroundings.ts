import { withNamedBehindDoors } from '../affected/behind-doors.js';
import type { SeenChange } from '../affected/change.js';
import { needsText, type Surroundings } from '../affected/escalation.js';
import { isModuleFile, mentionsOf, runsCode, type ModuleInputs } from '../affected/module-files.js';
import { WORKSPACE_MARKERS } from '../bazel/bazel.js';
import { importedRcFiles, labelsInOptions, pathsInOptions, turnsOnAspects } from '../bazel/rc.js';
import { parseLabel, type Label, type WorkspacePath } from '../graph/label.js';
import type { PlanInputs } from '../inputs/plan-inputs.js';
import { mainRepositoryNames } from '../starlark/loads.js';
import type { RevisionFiles } from './revision-files.js';

/** The surroundings of a plan's changes, and the labels that rc files and module files name, each with who does. */
export interface ReadSurroundings {
  readonly surroundings: Surroundings;
  readonly namedLabels: ReadonlyMap<Label, string>;
}

const ROOT_RC_FILE = '.bazelrc' as WorkspacePath;

/** Reads from both revisions what decides whether a change that no package owns reaches everything. */
export async function readSurroundings(
  base: RevisionFiles,
  head: RevisionFiles,
  changes: readonly SeenChange[],
  { bazel: { startupOptions }, legOptions }: Pick<PlanInputs, 'bazel' | 'legOptions'>,
): Promise<ReadSurroundings> {
  const rcRoots = [ROOT_RC_FILE, ...rcFilesNamedIn(startupOptions)];
  const rcTexts = [...(await rcFilesOf(base, rcRoots)), ...(await rcFilesOf(head, rcRoots))];
  const options = [...rcTexts.map(([, text]) => text), ...legOptions.map((line) => `common ${line}`)];
  const rcFiles = new Set(rcRoots.concat(rcTexts.flatMap(([path, text]) => [path, ...importsOf(text)])));
  const moduleInputs = join(await moduleInputsOf(base), await moduleInputsOf(head));
  const named = {
    moduleInputs,
    rcFiles,
    namedInOptions: new Set(
      options.flatMap((text) => pathsInOptions(text).map((path) => path as WorkspacePath)),
    ),
  };
  const compared = withNamedBehindDoors(changes, named)
    .map((change) => change.path)
    .filter((path) => needsText(path, rcFiles) || moduleInputs.code.has(path));
  const before = await base.texts(compared);
  const after = await head.texts(compared);
  return {
    surroundings: {
      ...named,
      nestedWorkspaces: new Set([...nestedWorkspacesOf(base), ...nestedWorkspacesOf(head)]),
      aspectsInOptions: options.some(turnsOnAspects),
      texts: new Map(
        compared.map((path) => [path, { before: before.get(path) ?? null, after: after.get(path) ?? null }]),
      ),
    },
    namedLabels: new Map([
      ...[...moduleInputs.labels].map((label) => [label, 'a module file'] as const),
      ...options
        .flatMap((text) => labelsInOptions(text).map(parseLabel))
        .map((label) => [label, 'an option of Bazel'] as const),
    ]),
  };
}

/** Files of the workspace that the startup option `--bazelrc` names. */
function rcFilesNamedIn(startupOptions: readonly string[]): WorkspacePath[] {
  return startupOptions
    .flatMap((option) => /^--bazelrc=(.*)$/.exec(option)?.[1] ?? [])
    .map((path) => path.replace(/^\.\//, '') as WorkspacePath);
}

/** The rc files of the workspace and those that they import. */
async function rcFilesOf(
  files: RevisionFiles,
  roots: readonly WorkspacePath[],
): Promise<[WorkspacePath, string][]> {
  return reach(roots, files, (_, text) => importsOf(text));
}

function importsOf(text: string): WorkspacePath[] {
  return importedRcFiles(text)
    .filter((path) => !path.startsWith('/'))
    .map((path) => path as WorkspacePath);
}

/** Module files and all .bzl files that they mention, with what these mention. */
async function moduleInputsOf(files: RevisionFiles): Promise<ModuleInputs> {
  const roots = files.listing.entries.map((entry) => entry.path).filter(isModuleFile);
  const mainNames = mainRepositoryNames([...(await files.texts(roots)).values()]);
  const named = new Set<WorkspacePath>();
  const labels = new Set<Label>();
  const code = await reach(roots, files, (path, text) => {
    const mentions = mentionsOf(path, text, mainNames);
    for (const mentioned of mentions.paths) named.add(mentioned);
    for (const label of mentions.labels) labels.add(label);
    return mentions.code;
  });
  return {
    code: new Set(code.map(([path]) => path)),
    named,
    labels,
    runsCode: code.some(([, text]) => runsCode(text)),
  };
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
    named: new Set([...one.named, ...other.named]),
    labels: new Set([...one.labels, ...other.labels]),
    runsCode: one.runsCode || other.runsCode,
  };
}

/** Folders below the workspace's root that are workspaces of their own. */
function* nestedWorkspacesOf(files: RevisionFiles): Generator<WorkspacePath> {
  const markers = new Set<string>(WORKSPACE_MARKERS);
  for (const { path } of files.listing.entries) {
    const slash = path.lastIndexOf('/');
    if (slash > 0 && markers.has(path.slice(slash + 1))) yield path.slice(0, slash) as WorkspacePath;
  }
}
