import { createHash } from 'node:crypto';
import type { ByteStore, StoreKey } from '../adapters/byte-store.js';
import type { Label } from '../graph/label.js';
import type { CommitId } from '../graph/tree.js';
import {
  formatLedgerEntry,
  isSameScope,
  LedgerEntryError,
  parseLedgerEntry,
  scopeText,
  type LedgerEntry,
  type ReleaseScope,
} from './result/ledger-entry.js';

/** The releases of which a ledger is, and the run that has it. */
export interface LedgerPlace extends Omit<ReleaseScope, 'label'> {
  /** The address of the run. */
  readonly run: string;
  /**
   * Whether what the run releases is the newest content of the branch. What a run by hand releases may be older, so the
   * ledger only forgets what it knew before.
   */
  readonly isPush: boolean;
  /** Whether everything is released, whatever the ledger says. */
  readonly isForced: boolean;
}

/** Keeps what was released last. It may lose that; then a target is released again. */
export class ReleaseLedger {
  /** The targets of which the store has an entry. */
  private readonly known = new Set<Label>();

  /** @param onNotice gets a sentence about an entry that cannot be read */
  constructor(
    private readonly store: ByteStore,
    private readonly place: LedgerPlace,
    private readonly onNotice: (notice: string) => void,
  ) {}

  /** Says something about a release that nobody has to act on at once. */
  tell(notice: string): void {
    this.onNotice(notice);
  }

  /** What was released last of a target; null if that is not known, or does not count. */
  async lastOf(label: Label): Promise<LedgerEntry | null> {
    const entry = await this.read(label);
    const counts = this.place.isPush && !this.place.isForced;
    return counts && entry?.digest != null ? entry : null;
  }

  /**
   * Notes that a release begins, so that no later run takes the release before it for the last one. To be called after
   * `lastOf`, and before the release.
   */
  async begin(label: Label, commit: CommitId | null): Promise<void> {
    // Without an entry, there is nothing that a later run could take for the last release.
    if (this.known.has(label)) await this.keep(label, null, commit);
  }

  /** Notes that a release ended with success. */
  async end(label: Label, digest: string, commit: CommitId | null): Promise<void> {
    if (this.place.isPush) await this.keep(label, digest, commit);
  }

  private async read(label: Label): Promise<LedgerEntry | null> {
    for await (const stored of this.store.nearest(this.keyOf(label))) {
      try {
        const entry = parseLedgerEntry(stored.bytes.toString());
        // The store offers entries of other releases as well.
        if (!isSameScope(entry.scope, this.scopeOf(label))) continue;
        stored.use();
        this.known.add(label);
        return entry;
      } catch (error) {
        if (!(error instanceof LedgerEntryError)) throw error;
        // It may be the entry of this release, so that it has to be replaced.
        this.known.add(label);
        this.onNotice(`${stored.place} cannot be read, so ${label} is released again: ${error.message}`);
      }
    }
    return null;
  }

  private async keep(label: Label, digest: string | null, commit: CommitId | null): Promise<void> {
    this.known.add(label);
    const { run } = this.place;
    const time = new Date().toISOString();
    const entry = { scope: this.scopeOf(label), digest, commit, run, time };
    await this.store.keep(this.keyOf(label), Buffer.from(formatLedgerEntry(entry)));
  }

  private scopeOf(label: Label): ReleaseScope {
    const { workspace, ref, workflow, job } = this.place;
    return { label, workspace, ref, workflow, job };
  }

  private keyOf(label: Label): StoreKey {
    const name = createHash('sha256')
      .update(scopeText(this.scopeOf(label)))
      .digest('hex')
      .slice(0, 32);
    return { group: 'releases', name };
  }
}
