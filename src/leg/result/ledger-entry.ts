import { Field } from '../../formats/json-field.js';
import type { Label } from '../../graph/label.js';
import type { CommitId } from '../../graph/tree.js';

/** Of which release an entry of the ledger is. Two releases of one target may go to different places. */
export interface ReleaseScope {
  readonly label: Label;
  /** The folder of the workspace, relative to the repository. */
  readonly workspace: string;
  /** The full name of the branch. */
  readonly ref: string;
  /** The file of the workflow. */
  readonly workflow: string;
  /** The names of the jobs that call the one that releases, as GitHub shows them before its own name. */
  readonly callers: string;
}

/** One attempt of a run. */
export interface Attempt {
  /** The number of the run, which is higher for a later push. */
  readonly run: number;
  readonly attempt: number;
}

/** What was released last. */
export interface LedgerEntry {
  readonly scope: ReleaseScope;
  /** The digest of the content; null if a release has begun since, and it is not known to have ended with success. */
  readonly digest: string | null;
  /** Null if the files were not those of a commit. */
  readonly commit: CommitId | null;
  /** The address of the run that released it. */
  readonly run: string;
  /** The last attempt of a run that released it, or found that it was released last. */
  readonly seen: Attempt;
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** Something is not an entry of the ledger. */
export class LedgerEntryError extends Error {
  override name = 'LedgerEntryError';
}

const VERSION = 1;

export function formatLedgerEntry(entry: LedgerEntry): string {
  return `${JSON.stringify({ version: VERSION, ...entry })}\n`;
}

/** @throws LedgerEntryError */
export function parseLedgerEntry(content: string): LedgerEntry {
  const root = Field.parse(content, (message, cause) => new LedgerEntryError(message, { cause }));
  const version = root.at('version');
  if (version.value !== VERSION)
    throw new LedgerEntryError(
      `it has version ${version.shown()}, and this program reads version ${VERSION}`,
    );
  const scope = root.at('scope');
  return {
    scope: {
      label: scope.at('label').label(),
      workspace: scope.at('workspace').text(),
      ref: scope.at('ref').text(),
      workflow: scope.at('workflow').text(),
      callers: scope.at('callers').text(),
    },
    digest: root.at('digest').orNull((field) => field.text()),
    commit: root.at('commit').orNull((field) => field.commitId()),
    run: root.at('run').text(),
    seen: { run: root.at('seen').at('run').count(1), attempt: root.at('seen').at('attempt').count(1) },
    time: root.at('time').time(),
  };
}

/** Whether both are of one release. */
export function isSameScope(one: ReleaseScope, other: ReleaseScope): boolean {
  return scopeText(one) === scopeText(other);
}

/** A text that differs for different scopes. */
export function scopeText({ label, workspace, ref, workflow, callers }: ReleaseScope): string {
  return JSON.stringify([label, workspace, ref, workflow, callers]);
}
