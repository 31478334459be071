import { quoted } from '../../formats/rc-lines.js';
import { importedRcFiles, workspacePathIn } from '../../formats/rc.js';
import type { WorkspacePath } from '../../graph/label.js';
import { ROOT_RC_FILE } from '../../loading/inputs/file-roles.js';
import {
  rcFilesFrom,
  rcFilesNamedIn,
  rcTextsOutsideRevisions,
  type Checkout,
  type RcFile,
} from '../../loading/inputs/rc-files.js';
import { supplyTexts } from '../../loading/inputs/texts.js';
import type { RevisionFiles } from '../../loading/source/revision-files.js';
import type { PlanInputs } from '../plan-inputs.js';
import { Options, optionsFromElsewhere } from './options.js';

/**
 * Reads the options from all their sources: the rc files of both revisions, the rc files of the machine, the legs and
 * the queries.
 *
 * @throws GitError
 */
export async function readOptions(
  base: RevisionFiles,
  head: RevisionFiles,
  { bazel: { startupOptions, queryOptions }, legOptions }: Pick<PlanInputs, 'bazel' | 'legOptions'>,
  checkout: Checkout,
): Promise<Options> {
  const outside = rcTextsOutsideRevisions(startupOptions, checkout.workspaceFolder).map((text) =>
    checkout.relative(text ?? ''),
  );
  const roots = [
    ROOT_RC_FILE,
    ...rcFilesNamedIn(startupOptions).map((path) => workspacePathIn(checkout.relativePath(path))),
    ...outside.flatMap(importedRcFiles),
  ].filter(isOfRevision);
  const rcFiles = [...(await rcFilesOf(base, roots, checkout)), ...(await rcFilesOf(head, roots, checkout))];
  const lines = [...legOptions, ...queryOptions.map(quoted)].map((line) => `common ${line}`);
  return new Options(new Set(rcFiles.map((file) => file.path).filter(isOfRevision)), [
    ...rcFiles.flatMap(({ path, text }) => (text === null ? [] : [{ text, rcFile: path }])),
    ...[...outside, ...lines.map((line) => checkout.relative(line))].map(optionsFromElsewhere),
  ]);
}

/**
 * The rc files of a revision and those that they import. Absolute paths into the checkout are made relative in their
 * texts.
 */
function rcFilesOf(files: RevisionFiles, roots: readonly string[], checkout: Checkout): Promise<RcFile[]> {
  return supplyTexts(rcFilesFrom(roots), async (paths) => {
    const texts = await files.texts(paths);
    return new Map<WorkspacePath, string>([...texts].map(([path, text]) => [path, checkout.relative(text)]));
  });
}

/** Whether a path can belong to a revision. An absolute path lies outside the checkout. */
function isOfRevision(path: string): boolean {
  return !path.startsWith('/');
}
