import type { AbortReason, WrittenId } from '../../formats/build-event-messages.js';
import { clip, plainText } from '../../text/plain-text.js';
import type { Log } from './outcome.js';

/** Characters that are kept of one explanation. */
const EXPLANATION_LENGTH = 8_000;

/** Why something failed, as one event says it. */
export interface RecordedFailure {
  /** Of an event that did not come, why; `FAILED` where Bazel tried. */
  readonly reason: AbortReason | 'FAILED';
  /** Empty where only the causes say more. */
  readonly message: string;
  readonly logs: readonly Log[];
  readonly causes: readonly WrittenId[];
}

/** What explains a failure: messages of its root causes, and logs of all that is on the way to them. */
export interface Explanation {
  readonly message: string;
  readonly logs: readonly Log[];
}

/** The failures of a stream, each under the event id by which others name it as their cause. */
export class RecordedFailures {
  private readonly byId = new Map<WrittenId, RecordedFailure>();

  add(id: WrittenId, failure: RecordedFailure): void {
    this.byId.set(id, failure);
  }

  /** The messages at the root of a failure; its own where no cause says more. */
  explain(failure: RecordedFailure): Explanation {
    const messages = new Set<string>();
    const logs = new Map<string, Log>();
    const visited = new Set<RecordedFailure>();
    const follow = (at: RecordedFailure): boolean => {
      if (visited.has(at)) return false;
      visited.add(at);
      const causes = at.causes.map((cause) => this.byId.get(cause)).filter((cause) => cause !== undefined);
      const isExplained = causes.map(follow).includes(true);
      for (const log of at.logs) logs.set(log.uri, log);
      if (isExplained) return true;
      if (at.message === '') return false;
      messages.add(plainText(at.message));
      return true;
    };
    follow(failure);
    return { message: clip([...messages].join('\n'), EXPLANATION_LENGTH), logs: [...logs.values()] };
  }
}
