import type { Label } from '../graph/label.js';
import { logsOf, messageOf, type Outcome } from '../results/outcome.js';
import { code, details, fence, text } from './markdown.js';
import { describeOutcome, OUTCOME_SIGN } from './outcome-words.js';

/** A block that opens on a click: what is known of one bad target, with the ends of its logs. */
export function failureSection(label: Label, outcome: Outcome): string {
  const message = messageOf(outcome);
  const logs = logsOf(outcome).map((log) =>
    log.tail === null
      ? `${text(log.name)}${log.uri === '' ? '' : `: ${code(log.uri)}`}`
      : `${text(log.name)}:\n\n${fence(log.tail)}`,
  );
  const parts = [...(message === null ? [] : [fence(message)]), ...logs];
  const summary = `${OUTCOME_SIGN[outcome.kind]} ${code(label)} ${text(describeOutcome(outcome))}`;
  return details(summary, parts.length === 0 ? 'Nothing more is known.' : parts.join('\n\n'));
}
