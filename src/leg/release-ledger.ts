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
  type Attempt,
  type LedgerEntry,
  type ReleaseScope,
} from './result/ledger-entry.js';

/** The releases of which a ledger is, and the run that has it. */
export interface LedgerPlace extends Omit<ReleaseScope, 'label'> {
  /** The address of the run. */
  readonly run: string;
  readonly attempt: Attempt;
  /**
   * Whether what the run releases is the newest content of the branch. What a run by hand releases may be older, so the
   * ledger only forgets what it knew before.
   */
  readonly isPush: boolean;
  /** Whether everything is released, whatever the ledger says. */
  readonly isForced: boolean;
}

/** What the ledger cannot know by itself. */
export interface LedgerWitness {
  /** Whether a release may be left out that another run made: nothing may have been released since, and nothing else changed. */
  readonly mayLeaveOut: (seen: Attempt) => Promise<boolean>;
  /** Gets a sentence about something that nobody has to act on at once. */
  readonly tell: (notice: string) => void;
}

/** An entry of a release that ended with success. */
export type LastRelease = LedgerEntry & { readonly digest: string };

/** Keeps what was released last. It may lose that; then a target is released again. */
export class ReleaseLedger {
  constructor(
    private readonly store: ByteStore,
    private readonly place: LedgerPlace,
    private readonly witness: LedgerWitness,
  ) {}

  tell(notice: string): void {
    this.witness.tell(notice);
  }

  /** What was released last of a target; null if that is not known, or does not count. */
  async lastOf(label: Label): Promise<LastRelease | null> {
    if (!this.place.isPush || this.place.isForced) return null;
    const entry = await this.read(label);
    return entry === null ? null : finished(entry);
  }

  /**
   * Whether a release may be left out, because its content is that of the last one. The store may have lost that something else
   * was released since, so GitHub is asked as well.
   */
  async leavesOut(last: LastRelease): Promise<boolean> {
    if (!(await this.witness.mayLeaveOut(last.seen))) return false;
    await this.keep({ ...last, seen: this.place.attempt });
    return true;
  }

  /** Notes that a release begins, so that no later run takes the release before it for the last one. */
  async begin(label: Label, commit: CommitId | null): Promise<void> {
    await this.keep(this.entry(label, null, commit));
  }

  /** Notes that a release ended with success. */
  async end(label: Label, digest: string, commit: CommitId | null): Promise<void> {
    if (this.place.isPush) await this.keep(this.entry(label, digest, commit));
  }

  private async read(label: Label): Promise<LedgerEntry | null> {
    for await (const stored of this.store.nearest(this.keyOf(this.scopeOf(label)))) {
      try {
        const entry = parseLedgerEntry(stored.bytes.toString());
        if (!isSameScope(entry.scope, this.scopeOf(label))) continue;
        stored.use();
        return entry;
      } catch (error) {
        if (!(error instanceof LedgerEntryError)) throw error;
        this.tell(`${stored.place} cannot be read, so ${label} is released again: ${error.message}`);
      }
    }
    return null;
  }

  private entry(label: Label, digest: string | null, commit: CommitId | null): LedgerEntry {
    const { run, attempt } = this.place;
    const time = new Date().toISOString();
    return { scope: this.scopeOf(label), digest, commit, run, seen: attempt, time };
  }

  private async keep(entry: LedgerEntry): Promise<void> {
    await this.store.keep(this.keyOf(entry.scope), Buffer.from(formatLedgerEntry(entry)));
  }

  private scopeOf(label: Label): ReleaseScope {
    const { workspace, ref, workflow, callers } = this.place;
    return { label, workspace, ref, workflow, callers };
  }

  /** Each release has a group of its own, because no other entry could take the place of its own. */
  private keyOf(scope: ReleaseScope): StoreKey {
    const digest = createHash('sha256').update(scopeText(scope)).digest('hex').slice(0, 32);
    return { group: `release-${digest}`, name: 'last' };
  }
}

/** Null if the release is not known to have ended with success. */
function finished(entry: LedgerEntry): LastRelease | null {
  const { digest } = entry;
  return digest === null ? null : { ...entry, digest };
}
