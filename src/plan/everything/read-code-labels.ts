import { StarlarkFiles } from '../../formats/starlark-constants.js';
import { isMainRepository, type Label, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { FileNames } from '../../loading/inputs/file-names.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import {
  filesLoadedBy,
  filesLoadedFromElsewhere,
  defaultLabels,
  labelsInCode,
  makesTransitions,
} from './code-labels.js';
import type { AspectCode } from './surroundings.js';
import {
  isOptionWithLabels,
  knownLabels,
  transitionCode,
  type SetValues,
  type TransitionCode,
} from './transitions.js';

/** What the code of transitions and aspects may pass to Bazel. */
export interface CodeLabels {
  readonly transitions: TransitionCode;
  /** Labels that reach targets without an edge, each with what names it. */
  readonly named: ReadonlyMap<Label, string>;
  /** Labels of other repositories in the code of transitions and aspects, which may reach targets without an edge. */
  readonly elsewhere: readonly Label[];
  /** What may name any label, because its code computes a label; null if nothing does. */
  readonly anyNamedBy: string | null;
  /** Of the aspects that options turn on. */
  readonly aspectCode: AspectCode;
}

/**
 * Reads the code of transitions, and of the aspects that options turn on. Only the head is read: if that code changed,
 * the digests of the rules that use it changed too.
 *
 * @param aspectFiles the files that contain the code of the aspects that options turn on
 * @throws GitError
 */
export async function readCodeLabels(
  head: RevisionFiles,
  aspectFiles: { readonly main: readonly WorkspacePath[]; readonly elsewhere: readonly Label[] },
  main: MainRepository,
): Promise<CodeLabels> {
  const listed = await head.texts(FileNames.of(head.listing.paths).starlark);
  const makers = [...listed].flatMap(([path, text]) => (makesTransitions(text) ? path : []));
  const ofAspects = await loadedBehindLinks(aspectFiles.main, head, main);
  const texts = new Map([...listed, ...ofAspects.texts]);
  const files = new StarlarkFiles(texts, main);
  const transitions = transitionCode(makers, files, main);
  const aspects = [...ofAspects.texts.keys()];
  const code = new Set([...loadedFrom(makers, texts, main), ...aspects]);
  const defaults = aspects.map((path) => [path, defaultLabels(path, files, main)] as const);
  const [computing] = defaults.find(([, labels]) => labels === null) ?? [];
  const option = [...transitions.settings].find(
    ([setting, { values }]) => isOptionWithLabels(setting) && knownLabels(values) === null,
  );
  const anyIn = computing ?? option?.[1].by;
  const anyWho = computing === undefined ? TRANSITIONS : ASPECTS;
  return {
    transitions,
    named: new Map([
      ...labelsOutsideOfFlags(transitions),
      ...labelsIn(loadedFrom(filesThatCompute(transitions), texts, main), TRANSITIONS, texts, main),
      ...labelsIn(aspects, ASPECTS, texts, main),
      ...defaults.flatMap(([path, labels]) =>
        (labels ?? []).map((label) => [label, `${ASPECTS}, in ${path}`] as const),
      ),
    ]),
    elsewhere: labelsElsewhere([
      ...[...code].flatMap((path) => labelsInCode(path, texts.get(path) ?? '', main)),
      ...[...transitions.settings.values()].flatMap(({ values }) => labelsSet(values)),
      ...defaults.flatMap(([, labels]) => labels ?? []),
    ]),
    anyNamedBy: anyIn === undefined ? null : `${anyWho}, in ${anyIn}`,
    aspectCode: {
      files: ofAspects.named,
      elsewhere: [
        ...aspectFiles.elsewhere,
        ...aspects.flatMap((path) => filesLoadedFromElsewhere(texts.get(path) ?? '', main)),
      ],
    },
  };
}

const TRANSITIONS = 'the code of transitions';
const ASPECTS = 'the code of aspects that options of Bazel turn on';

/**
 * Files whose transitions compute labels for settings whose users are unknown. The strings in these files say what the
 * labels can be made of.
 */
function filesThatCompute({ settings, unreadable }: TransitionCode): WorkspacePath[] {
  const computed = [...settings].filter(
    ([setting, { values }]) => !isMainRepository(setting) && knownLabels(values) === null,
  );
  return [...unreadable, ...computed.map(([, { by }]) => by)];
}

/** The labels to which transitions set options of Bazel and flags of other repositories. Their users are unknown. */
function* labelsOutsideOfFlags({ settings }: TransitionCode): Generator<readonly [Label, string]> {
  for (const [setting, { by, values }] of settings) {
    const isOutside = !isMainRepository(setting) || isOptionWithLabels(setting);
    if (!isOutside) continue;
    for (const label of knownLabels(values) ?? []) yield [label, `${TRANSITIONS}, in ${by}`];
  }
}

/** The labels in .bzl files, each with what names it. */
function labelsIn(
  paths: Iterable<WorkspacePath>,
  who: string,
  texts: ReadonlyMap<WorkspacePath, string>,
  main: MainRepository,
): (readonly [Label, string])[] {
  return [...paths].flatMap((path) =>
    labelsInCode(path, texts.get(path) ?? '', main).map((label) => [label, `${who}, in ${path}`] as const),
  );
}

/**
 * The labels of other repositories among some, without repetitions. Those without a name stand for a package whose targets
 * are unknown.
 */
function labelsElsewhere(labels: readonly Label[]): Label[] {
  return [...new Set(labels)].filter((label) => !isMainRepository(label) && !label.endsWith(':'));
}

function labelsSet(values: SetValues): readonly Label[] {
  return values === 'any label' ? [] : [...values.labels];
}

/**
 * .bzl files and all that they load, directly or not, by the paths under which they are loaded: these may lead through
 * symlinks.
 *
 * @returns also the paths where no file is, because one may be there at the base
 * @throws GitError
 */
async function loadedBehindLinks(
  roots: readonly WorkspacePath[],
  head: RevisionFiles,
  main: MainRepository,
): Promise<{
  readonly named: ReadonlySet<WorkspacePath>;
  readonly texts: ReadonlyMap<WorkspacePath, string>;
}> {
  const named = new Set(roots);
  const texts = new Map<WorkspacePath, string>();
  let fresh: readonly WorkspacePath[] = [...named];
  while (fresh.length > 0) {
    const read = await head.texts(fresh);
    for (const [path, text] of read) texts.set(path, text);
    const loaded = [...read].flatMap(([path, text]) => filesLoadedBy(path, text, main));
    fresh = [...new Set(loaded)].filter((path) => !named.has(path));
    for (const path of fresh) named.add(path);
  }
  return { named, texts };
}

/** .bzl files and all files that they load, directly or not. Missing files are left out. */
function loadedFrom(
  roots: readonly WorkspacePath[],
  texts: ReadonlyMap<WorkspacePath, string>,
  main: MainRepository,
): ReadonlySet<WorkspacePath> {
  const reached = new Set(roots.filter((path) => texts.has(path)));
  for (const path of reached)
    for (const loaded of filesLoadedBy(path, texts.get(path) ?? '', main))
      if (texts.has(loaded)) reached.add(loaded);
  return reached;
}
