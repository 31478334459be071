import type { AbortReason, WrittenId } from '../../formats/build-event-messages.js';
import { clip, plainText } from '../../text/plain-text.js';
import type { Log } from './outcome.js';

/** How many characters of one explanation are kept. */
const EXPLANATION_LENGTH = 8_000;

/** The reason for a failure, as one event gives it. */
export interface RecordedFailure {
  /** Why an expected event did not come; `FAILED` if Bazel tried and failed. */
  readonly reason: AbortReason | 'FAILED';
  /** Empty if only the causes have a message. */
  readonly message: string;
  readonly logs: readonly Log[];
  readonly causes: readonly WrittenId[];
}

/** The explanation of a failure: the messages of its root causes, and the logs of all failures between it and them. */
export interface Explanation {
  readonly message: string;
  readonly logs: readonly Log[];
}

/** The failures in a stream, by the event id with which other events name them as their cause. */
export class RecordedFailures {
  private readonly byId = new Map<WrittenId, RecordedFailure>();

  add(id: WrittenId, failure: RecordedFailure): void {
    this.byId.set(id, failure);
  }

  /** The messages of the root causes of a failure, or its own message if the causes have none. */
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
