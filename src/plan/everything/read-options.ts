import { quoted, rcText } from '../../formats/rc-lines.js';
import { rcFilesNamedIn } from '../../formats/rc-locations.js';
import { importedRcFiles, parseRc, workspacePathIn, type RcLine } from '../../formats/rc.js';
import type { WorkspacePath } from '../../graph/label.js';
import { ROOT_RC_FILE } from '../../graph/bazel-files.js';
import { FileNames } from '../../loading/inputs/file-names.js';
import { isRcFile } from '../../loading/inputs/file-roles.js';
import { rcFilesFrom, type RcFile } from '../../loading/inputs/rc-files.js';
import { supplyTexts } from '../../loading/inputs/texts.js';
import type { Checkout } from '../../loading/source/checkout.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import type { PlanInputs } from '../plan-inputs.js';
import { Options, optionsFromElsewhere, type OptionText } from './options.js';
import { configurationsTurnedOn, linesInForce } from './options-in-force.js';
import { RcFiles, type RcFilesElsewhere, type RcFilesOfRevision } from './rc-files-compared.js';
import { platformsOfLegs } from './runner-platforms.js';

/** The options of two revisions, and their rc files. */
export interface ReadOptions {
  readonly options: Options;
  readonly rcFiles: RcFiles;
}

/**
 * Reads the options from all their sources: the rc files of both revisions, the rc files of the machine, the legs and
 * the queries.
 *
 * @param changed the paths that differ between the revisions
 * @throws GitError
 */
export async function readOptions(
  base: RevisionFiles,
  head: RevisionFiles,
  changed: readonly WorkspacePath[],
  inputs: Pick<PlanInputs, 'bazel' | 'legOptions' | 'legs'>,
  checkout: Checkout,
): Promise<ReadOptions> {
  const { startupOptions, queryOptions } = inputs.bazel;
  const outside = rcFilesOutside(checkout, startupOptions);
  const { rcLines, flags } = legOptionsIn(checkout.relative(inputs.legOptions.join('\n')));
  const roots = [
    ROOT_RC_FILE,
    ...rcFilesNamedIn(startupOptions).map((path) => workspacePathIn(checkout.relativePath(path))),
    ...[...outside.map(({ text }) => text), rcText(rcLines)].flatMap(importedRcFiles),
  ].filter(isOfRevision);
  const before = await rcFilesOf(base, roots, changed, checkout);
  const after = await rcFilesOf(head, roots, changed, checkout);
  const elsewhere: RcFilesElsewhere = {
    isWrapped: [base, head].some((files) => FileNames.of(files.listing.paths).wrappers.length > 0),
    inForce: checkout
      .rcFilesInForce(startupOptions)
      .map((path) => workspacePathIn(checkout.relativePath(path))),
    texts: textsByEachPath(outside, checkout),
    workspaceFolder: checkout.workspaceFolder,
    rcLines,
    calls: {
      flags,
      platforms: platformsOfLegs(inputs.legs, process.platform),
      secretWords: withoutWords(wordsIn(outside), wordsIn([...before.reached, ...after.reached])),
    },
  };
  const texts: OptionText[] = [
    ...[...before.reached, ...after.reached].flatMap(({ path, text }) =>
      text === null ? [] : [{ text, rcFile: path }],
    ),
    ...[...outside.map(({ text }) => text), rcText(rcLines)].map(optionsFromElsewhere),
  ];
  const ofCommandLines = [flags.map(quoted).join(' '), ...queryOptions.map(quoted)].map((line) =>
    checkout.relative(`common ${line}`),
  );
  return {
    options: new Options([...textsInForce(texts, elsewhere), ...ofCommandLines.map(optionsFromElsewhere)]),
    rcFiles: new RcFiles(before, after, elsewhere),
  };
}

/** An rc file of the machine. Paths into the checkout are relative in its text. */
interface RcFileOutside {
  readonly path: WorkspacePath;
  /** Empty if the file does not exist. */
  readonly text: string;
  readonly exists: boolean;
}

function rcFilesOutside(checkout: Checkout, startupOptions: readonly string[]): RcFileOutside[] {
  return checkout.rcFilesOutsideRevisions(startupOptions).map(({ path, text }) => ({
    path,
    text: checkout.relative(text ?? ''),
    exists: text !== null,
  }));
}

/** The texts of the files that exist, by their path as it is and as it is seen from the workspace. */
function textsByEachPath(files: readonly RcFileOutside[], checkout: Checkout): Map<string, string> {
  return new Map(
    files
      .filter(({ exists }) => exists)
      .flatMap(({ path, text }) => [
        [path, text] as const,
        [workspacePathIn(checkout.relativePath(path)), text] as const,
      ]),
  );
}

function wordsIn(files: readonly { readonly text: string | null }[]): Set<string> {
  return new Set(files.flatMap(({ text }) => parseRc(text ?? '').flatMap(({ words }) => words)));
}

function withoutWords(words: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...words].filter((word) => !others.has(word)));
}

/** The same texts without the lines that cannot apply to the legs. */
function textsInForce(
  texts: readonly OptionText[],
  { calls, isWrapped }: RcFilesElsewhere,
): readonly OptionText[] {
  if (isWrapped) return texts;
  const read = texts.map(({ text, rcFile }) => ({ lines: parseRc(text), rcFile }));
  const turnedOn = configurationsTurnedOn(
    read.flatMap(({ lines }) => lines),
    calls,
  );
  return read.map(({ lines, rcFile }) => ({ text: rcText(linesInForce(lines, turnedOn)), rcFile }));
}

/** The options of the legs: lines for an rc file, and words for the command line, which begin with a dash. */
function legOptionsIn(text: string): {
  readonly rcLines: readonly RcLine[];
  readonly flags: readonly string[];
} {
  const lines = parseRc(text);
  const isFlag = ({ command }: RcLine): boolean => command.startsWith('-');
  return {
    rcLines: lines.filter((line) => !isFlag(line)),
    flags: lines.filter(isFlag).flatMap(({ command, words }) => [command, ...words]),
  };
}

/**
 * The rc files of a revision: those that the roots lead to, and those that changed and are rc files by their names
 * alone. Absolute paths into the checkout are made relative in their texts.
 */
async function rcFilesOf(
  files: RevisionFiles,
  roots: readonly string[],
  changed: readonly WorkspacePath[],
  checkout: Checkout,
): Promise<RcFilesOfRevision> {
  const from = (paths: readonly string[]): Promise<RcFile[]> =>
    supplyTexts(rcFilesFrom(paths), async (asked) => {
      const texts = await files.texts(asked);
      return new Map<WorkspacePath, string>(
        [...texts].map(([path, text]) => [path, checkout.relative(text)]),
      );
    });
  const reached = await from(roots);
  const byName = await from(changed.filter(isRcFile));
  const all = [...reached, ...byName];
  return {
    reached,
    texts: new Map(all.flatMap(({ path, text }) => (text === null ? [] : [[path, text] as const]))),
    unreadable: new Set(
      all.filter(({ path, text }) => text === null && files.hasOrLeadsOut(path)).map(({ path }) => path),
    ),
  };
}

/** Whether a path can belong to a revision. An absolute path lies outside the checkout. */
function isOfRevision(path: string): boolean {
  return !path.startsWith('/');
}
