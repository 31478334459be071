import { createHash } from 'node:crypto';
import { selfAndFoldersAbove } from '../../graph/folders.js';
import type { WorkspacePath } from '../../graph/label.js';
import { SUBMODULE_MODE, SYMLINK_MODE } from '../../graph/tree.js';
import type { RevisionEntries } from '../inputs/revision-entries.js';

/**
 * What external repositories read of the workspace, as Bazel says. It holds for every revision in which all this is the
 * same, because code that reads the same does the same.
 */
export interface ExternalsRecord {
  /** The digest of what decides what is read first: module files, their code, options. */
  readonly deciding: string;
  /** The state of each file, folder, symlink or submodule that was read. `''` is the whole workspace. */
  readonly reads: ReadonlyMap<WorkspacePath, string>;
}

/** That it could not be found out what external repositories read, so that no plan tries in vain again. */
export interface FailedRecord {
  /** The same digest as in a record. */
  readonly deciding: string;
  /** `all` if the whole workspace is read, of which a record would hold for no other revision. */
  readonly reads: null | 'all';
  /** Why nothing could be recorded, as a part of a sentence. */
  readonly why: string;
}

/** What was found out about what external repositories read. */
export type TriedRecord = ExternalsRecord | FailedRecord;

/** What is known about what the external repositories of a revision read. */
export type ExternalReads = { readonly kind: 'recorded'; readonly record: ExternalsRecord } | UnrecordedReads;

/** No record holds for the revision. */
export interface UnrecordedReads {
  readonly kind: 'unrecorded';
  readonly counts: CountedFiles;
  /** Why nothing could be recorded; null if it was not tried. */
  readonly failure: string | null;
}

/**
 * The files that count where no record says what is read: every file, because code of the workspace may read any; those that
 * such code can find by its texts, because nothing can be recorded; those that module files name, because no code of the
 * workspace runs.
 */
export type CountedFiles = 'every file' | 'findable files' | 'named files';

/** Whether it was tried in vain to make the record. */
export function isFailed(record: TriedRecord): record is FailedRecord {
  return record.reads === null || record.reads === 'all';
}

/**
 * The record of a revision.
 *
 * @param seen the paths that were read, as Bazel saw them; symlinks are followed
 */
export function recordOf(
  deciding: string,
  seen: Iterable<WorkspacePath>,
  revision: RevisionEntries,
): ExternalsRecord {
  const paths = new Set([...seen].flatMap((path) => withLinks(path, revision)));
  return { deciding, reads: new Map([...paths].map((path) => [path, stateOf(path, revision)])) };
}

/** Whether a record holds for a revision. One that failed holds for none. */
export function holdsFor(
  record: TriedRecord,
  deciding: string,
  revision: RevisionEntries,
): record is ExternalsRecord {
  if (record.deciding !== deciding || isFailed(record)) return false;
  for (const [path, state] of record.reads) if (stateOf(path, revision) !== state) return false;
  return true;
}

/** Whether external repositories read a path, or a folder above it. */
export function isRead(path: WorkspacePath, { reads }: ExternalsRecord): boolean {
  return [...selfAndFoldersAbove(path)].some((each) => reads.has(each));
}

/**
 * Whether a path, or one below it, leads out of the workspace, where a record knows nothing of what changes.
 *
 * @param path as it was seen
 */
export function leadsOut(path: WorkspacePath, revision: RevisionEntries): boolean {
  const isOutside = (each: string): boolean => revision.resolve(each).kind === 'outside';
  return isOutside(path) || linksBelow(path, revision).some(isOutside);
}

function linksBelow(path: WorkspacePath, revision: RevisionEntries): WorkspacePath[] {
  const folder = revision.resolve(path);
  if (folder.kind !== 'folder' || revision.links.size === 0) return [];
  return [...revision.links.keys()].filter((link) =>
    `${link}/`.startsWith(folder.path === '' ? '' : `${folder.path}/`),
  );
}

/** The path itself, the one to which it leads, those to which links below it lead, and what is on the way. */
function withLinks(path: WorkspacePath, revision: RevisionEntries): WorkspacePath[] {
  const below = linksBelow(path, revision).map((link) => revision.resolve(link).path as WorkspacePath);
  const target = revision.resolve(path).path as WorkspacePath;
  const onTheWay = [path, target].flatMap((each) =>
    [...selfAndFoldersAbove(each)].filter((above) => isLink(revision.get(above)?.mode)),
  );
  return [path, target, ...below, ...onTheWay];
}

function isLink(mode: string | undefined): boolean {
  return mode === SYMLINK_MODE || mode === SUBMODULE_MODE;
}

/** Two equal states of a path mean equal content of all that is there. */
function stateOf(path: WorkspacePath, revision: RevisionEntries): string {
  const entry = revision.get(path);
  if (entry !== undefined) return `${entry.mode} ${entry.objectId}`;
  const hash = createHash('sha256');
  for (const each of revision.below(path)) hash.update(`${each.mode} ${each.objectId} ${each.path}\0`);
  return hash.digest('hex');
}
