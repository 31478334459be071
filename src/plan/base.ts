import { CommitMissingError } from '../adapters/git/remote.js';
import type { ScratchRepository } from '../adapters/git/scratch-repository.js';
import type { CommitId } from '../graph/tree.js';
import type { PlannableEvent } from './plannable-event.js';

/** The base of a plan, and why it is the base. */
export type Base =
  | {
      readonly kind: 'commit';
      readonly commit: CommitId;
      readonly why: string;
      /** The number of the last green run, if the commit is that of this run. */
      readonly greenRun?: number;
    }
  /** It is known that there is no base. Everything is affected, for this reason. */
  | { readonly kind: 'none'; readonly why: string }
  /**
   * The base could not be found out, or the commit is not available. Everything is affected, and nothing may be
   * released.
   */
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Fetches the base into the scratch repository. A base that is not available is unknown, unless it is gone because the
 * push rewrote the history.
 *
 * @param event null on a developer's machine
 */
export async function fetchedBase(
  base: Base,
  scratch: ScratchRepository,
  event: PlannableEvent | null,
): Promise<Base> {
  if (base.kind !== 'commit') return base;
  try {
    await scratch.remote.need(base.commit);
    return base;
  } catch (error) {
    if (!(error instanceof CommitMissingError)) throw error;
    const isRewritten =
      error.isGone && event?.name === 'push' && event.forced && event.before === base.commit;
    return {
      kind: isRewritten ? 'none' : 'unknown',
      why: `the base (${base.why}) is not available: ${error.message}`,
    };
  }
}
