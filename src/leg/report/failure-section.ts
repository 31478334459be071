import type { Label } from '../../graph/label.js';
import type { Mode } from '../../plan/legs/leg.js';
import { logsOf, outcomeMessage, type Log, type Outcome } from '../result/outcome.js';
import { bulletList, code, fence, link, text, type Block } from '../../text/markdown.js';
import { describeOutcome, OUTCOME_SIGN } from './outcome-words.js';

const MOST_LOST = 50;

/** A flaky test is repeated this often, because a single run may pass. */
const RUNS_OF_FLAKY = 20;

/**
 * The details of one target that failed or is flaky: the command to reproduce it, its message, the ends of its logs.
 *
 * @param jobUrl the address of the job that the target ran in; null if unknown, or if the section is in that job's own
 * summary
 */
export function failureSection(label: Label, mode: Mode, outcome: Outcome, jobUrl: string | null): Block {
  const message = outcomeMessage(outcome);
  const parts = [
    ...whereToLook(commandOf(label, mode, outcome), jobUrl),
    ...(message === null ? [] : [fence(message)]),
    ...logsOf(outcome).map(shownLog),
  ];
  return {
    summary: `${OUTCOME_SIGN[outcome.kind]} ${code(label)} ${text(describeOutcome(outcome))}`,
    body: parts.length === 0 ? 'Nothing more is known.' : parts.join('\n\n'),
  };
}

/**
 * The targets without a result, each with the reason.
 *
 * @param jobUrlOf as in {@link failureSection}
 */
export function withoutResult<T extends { readonly label: Label; readonly outcome: Outcome }>(
  targets: readonly T[],
  jobUrlOf: (target: T) => string | null,
): string[] {
  const lost = targets.flatMap((target) => {
    const { label, outcome } = target;
    if (outcome.kind !== 'no status') return [];
    const job = jobUrlOf(target);
    return [`${code(label)}: ${text(outcome.message)}${job === null ? '' : ` (${jobLink(job)})`}`];
  });
  return lost.length === 0 ? [] : ['### Targets without a result', bulletList(lost, MOST_LOST)];
}

function whereToLook(command: string | null, jobUrl: string | null): string[] {
  const job = jobUrl === null ? null : jobLink(jobUrl);
  if (command === null) return job === null ? [] : [job];
  return [`On your machine: ${code(command)}${job === null ? '' : ` (${job})`}`];
}

function jobLink(url: string): string {
  return link('log of the job', url);
}

/** The command that reproduces the failure; null for a release, which must not be repeated by hand. */
function commandOf(label: Label, mode: Mode, { kind }: Outcome): string | null {
  if (kind === 'failed to build') return `bazel build ${shellWord(label)}`;
  if (mode !== 'test') return null;
  return kind === 'flaky'
    ? `bazel test --runs_per_test=${RUNS_OF_FLAKY} ${shellWord(label)}`
    : `bazel test ${shellWord(label)}`;
}

/** Labels are untrusted, and users copy the command into a shell. */
function shellWord(label: Label): string {
  return /^[\w@/.:+=,-]+$/.test(label) ? label : `'${label.replaceAll("'", String.raw`'\''`)}'`;
}

function shownLog({ name, uri, tail }: Log): string {
  if (tail === null) return `${text(name)}${uri === '' ? '' : `: ${code(uri)}`}`;
  return tail === '' ? `${text(name)} is empty.` : `${text(name)}:\n\n${fence(tail)}`;
}
