import { join } from 'node:path';
import { describeExit } from '../formats/exit-codes.js';
import { textIfReadable } from '../adapters/disk/external-files.js';
import { parseReceipt, ReceiptError, type Published, type Receipt } from '../formats/receipt.js';
import type { CommitId } from '../graph/tree.js';
import type { OutputListener } from '../adapters/bazel/run-command.js';
import type { Label } from '../graph/label.js';
import type { BazelEnd } from './result/leg-status.js';
import type { Outcome } from './result/outcome.js';
import { plainText, tail } from '../text/plain-text.js';
import { RollingOutput } from '../text/rolling-output.js';
import { OUTPUT_BYTES, REFUSED, type LegOutcomes } from './build-leg.js';
import { IncompatibleTargets } from './incompatible-targets.js';
import type { BazelSetup, LegContext } from './leg-context.js';
import { contentOf, type ReleaseContent } from './release-content.js';
import type { LastRelease, ReleaseLedger } from './release-ledger.js';
import { checkedOutIn, stampingOptions } from './release-stamps.js';
import { TAIL_BYTES, TAIL_LINES } from './log-tails.js';
import { readRecord } from './read-record.js';
import { RunOutput } from './run-output.js';

/**
 * Releases the targets of a leg with `bazel run`, one after the other. After a release that fails the next ones are
 * still tried; after a signal they are not.
 *
 * `bazel run` accepts its target only on the command line (with `--target_pattern_file`, 7.7.1 reports "Must specify a
 * target to run"). It is passed after `--`, without a shell.
 */
export async function releaseLeg(context: LegContext, onOutput: OutputListener): Promise<LegOutcomes> {
  const outcomes = new Map<Label, Outcome>();
  let firstFailure: BazelEnd | null = null;
  const bazelOutput = new RollingOutput(OUTPUT_BYTES);
  const incompatible = new IncompatibleTargets();
  const checkedOut = await checkedOutIn(context.workspace);
  const stamping = await stampingOptions(context, checkedOut);
  const commit = checkedOut.isDirty ? null : checkedOut.commit;
  for (const [at, label] of context.leg.targets.entries()) {
    const { received } = context.interruption;
    if (received !== null) {
      outcomes.set(label, notStarted(received).outcome);
      continue;
    }
    const {
      end,
      outcome,
      bazelOutput: own,
    } = await releaseUnlessUnchanged(context, incompatible, label, { at, commit, stamping }, onOutput);
    outcomes.set(label, outcome);
    bazelOutput.add(Buffer.from(own));
    if (end.kind !== 'exited' || end.exitCode !== 0) firstFailure ??= end;
  }
  return { end: firstFailure ?? { kind: 'exited', exitCode: 0 }, outcomes, bazelOutput: bazelOutput.text() };
}

/** What a release came to. */
interface Release {
  readonly end: BazelEnd;
  readonly outcome: Outcome;
  readonly bazelOutput: string;
}

/** Which release of a leg it is, and of what. */
interface Turn {
  readonly at: number;
  /** Null if the files differ from each commit. */
  readonly commit: CommitId | null;
  /** Options of Bazel. */
  readonly stamping: readonly string[];
}

/** Releases a target, unless it is known that the same content was released last. */
async function releaseUnlessUnchanged(
  context: LegContext,
  incompatible: IncompatibleTargets,
  label: Label,
  turn: Turn,
  onOutput: OutputListener,
): Promise<Release> {
  const { ledger } = context;
  if (ledger === null) return releaseTarget(context, incompatible, label, turn, onOutput);
  const content = await contentOf(context, label, turn.at, onOutput);
  const { received } = context.interruption;
  if (received !== null) return notStarted(received);
  if (content.kind !== 'not built') {
    const last = await ledger.lastOf(label);
    const isSame = content.kind === 'known' && content.digest === last?.digest;
    if (isSame && (await ledger.leavesOut(last))) return unchanged(last);
    tellOfContent(ledger, label, content, isSame ? null : last, turn);
    await ledger.begin(label, turn.commit);
  }
  const digest = content.kind === 'known' ? content.digest : null;
  const variables = {
    ...context.variables,
    BAZEL_AFFECTED_CONTENT_DIGEST: digest === null ? '' : `sha256:${digest}`,
  };
  const release = await releaseTarget({ ...context, variables }, incompatible, label, turn, onOutput);
  const { kind } = release.outcome;
  if (kind === 'released' && digest !== null) await ledger.end(label, digest, turn.commit);
  if (content.kind === 'not built' && (kind === 'released' || kind === 'failed to release')) {
    ledger.tell(
      `${label} was not built with a status command that prints the same in every run, so it is released each time: let ` +
        'what reads a key of the status do without it',
    );
    await ledger.begin(label, turn.commit);
  }
  return release;
}

/** @param other a release of another content */
function tellOfContent(
  ledger: ReleaseLedger,
  label: Label,
  content: Exclude<ReleaseContent, { kind: 'not built' }>,
  other: LastRelease | null,
  { commit }: Turn,
): void {
  if (content.kind === 'unknown')
    ledger.tell(`${label} is released without knowing whether its content changed: ${content.why}`);
  else if (other !== null && commit !== null && other.commit === commit)
    ledger.tell(
      `The content of ${label} varies between two builds of one commit, so it is released each time: ` +
        `${other.run} released another one`,
    );
}

function notStarted(signal: string): Release {
  return {
    end: { kind: 'not started', message: `Bazel was not started, because the leg received ${signal}.` },
    outcome: { kind: 'no status', message: `Not started: the leg was stopped by ${signal} before.` },
    bazelOutput: '',
  };
}

function unchanged({ run, commit }: LastRelease): Release {
  const of = commit === null ? '' : ` from the commit ${commit.slice(0, 12)}`;
  const message = `Not released, because its content is what ${run} released${of}. The input release-force releases it all the same.`;
  return {
    end: { kind: 'exited', exitCode: 0 },
    outcome: { kind: 'unchanged', message },
    bazelOutput: '',
  };
}

async function releaseTarget(
  context: LegContext,
  incompatible: IncompatibleTargets,
  label: Label,
  { at, commit, stamping }: Turn,
  onOutput: OutputListener,
): Promise<Release> {
  const eventFile = join(context.folder, `build-events-${at}.jsonl`);
  const receiptFile = join(context.folder, `receipt-${at}.json`);
  const variables = {
    // Empty, so that no value of the caller's counts.
    BAZEL_AFFECTED_CONTENT_DIGEST: '',
    ...context.variables,
    BAZEL_AFFECTED_RECEIPT: receiptFile,
    BAZEL_AFFECTED_COMMIT: commit ?? '',
  };
  const stamped = { ...context, variables, bazel: withOptions(context.bazel, stamping) };
  const run = await runTarget(stamped, incompatible, label, eventFile, onOutput);
  const { end, durationMs } = run;
  const receipt = receiptIn(receiptFile, onOutput);
  const published = receipt?.published ?? [];
  if (end.kind !== 'exited' || end.exitCode !== 0)
    return failedRelease(context, incompatible, label, eventFile, run, published);
  return receipt === null || receipt.outcome === 'released'
    ? { end, outcome: { kind: 'released', durationMs, published }, bazelOutput: '' }
    : contradicted(receipt, durationMs);
}

/** The options of the leg come last, so that they count. */
function withOptions(bazel: BazelSetup, options: readonly string[]): BazelSetup {
  return { ...bazel, flags: [...options, ...bazel.flags] };
}

/** A release that ended with success, although it says itself that it did not get to its end. */
function contradicted({ outcome, published }: Receipt, durationMs: number): Release {
  const message = `It ended with exit code 0, but its receipt has the outcome ${outcome}: it may be released in part.`;
  return {
    end: programEnded(1),
    outcome: { kind: 'failed to release', durationMs, message, logs: [], published },
    bazelOutput: '',
  };
}

/** What a release says about itself; null if that is nothing, as most releases do. */
function receiptIn(receiptFile: string, onOutput: OutputListener): Receipt | null {
  const content = textIfReadable(receiptFile);
  if (content === null) return null;
  try {
    return parseReceipt(content);
  } catch (error) {
    if (!(error instanceof ReceiptError)) throw error;
    const words = `The receipt of the release cannot be read, so it is unknown what it published: ${error.message}\n`;
    onOutput(Buffer.from(words), 'stderr');
    return null;
  }
}

/** How one `bazel run` ended, and what was printed. */
interface ReleaseRun {
  readonly end: BazelEnd;
  readonly output: RunOutput;
  readonly durationMs: number;
}

async function runTarget(
  context: LegContext,
  incompatible: IncompatibleTargets,
  label: Label,
  eventFile: string,
  onOutput: OutputListener,
): Promise<ReleaseRun> {
  let output = new RunOutput(4 * TAIL_BYTES);
  const started = performance.now();
  const end = await incompatible.call(
    context,
    eventFile,
    (options) => [
      'run',
      ...options,
      ...context.bazel.flags,
      `--build_event_json_file=${eventFile}`,
      '--',
      label,
    ],
    () => {
      output = new RunOutput(4 * TAIL_BYTES);
      return (chunk, stream) => {
        output.add(chunk, stream);
        onOutput(chunk, stream);
      };
    },
  );
  return { end, output, durationMs: Math.round(performance.now() - started) };
}

/** Whether the target was not built, or its program failed, as the build events say. */
async function failedRelease(
  context: LegContext,
  incompatible: IncompatibleTargets,
  label: Label,
  eventFile: string,
  { end, output, durationMs }: ReleaseRun,
  published: readonly Published[],
): Promise<Release> {
  const bazelOutput = output.ofBazel();
  const record = await readRecord(eventFile);
  if (incompatible.isRefused(label, record)) return { end, outcome: REFUSED, bazelOutput };
  const built = record.outcomeOf(label, 'build');
  if (built.kind === 'incompatible' || built.kind === 'failed to build')
    return { end, outcome: built, bazelOutput };
  const programEnd = end.kind === 'exited' && built.kind === 'built' ? programEnded(end.exitCode) : end;
  const printed = context.conceal(plainText(output.ofProgram()));
  const log = { name: 'output', uri: '', tail: tail(printed, TAIL_LINES, TAIL_BYTES) };
  const message = describeEnd(programEnd, context.interruption.received);
  return {
    end: programEnd,
    outcome: { kind: 'failed to release', durationMs, message, logs: [log], published },
    bazelOutput,
  };
}

function programEnded(exitCode: number): BazelEnd {
  return { kind: 'program ended', exitCode };
}

function describeEnd(end: BazelEnd, interruptedBy: string | null): string {
  if (interruptedBy !== null) return `Stopped by ${interruptedBy} in the middle: it may be released in part.`;
  switch (end.kind) {
    case 'not started':
      return end.message;
    case 'killed':
      return `Killed by ${end.signal}: it may be released in part.`;
    case 'program ended':
      return `It was built, and ended with exit code ${end.exitCode} when it ran.`;
    case 'exited':
      return `Bazel ended with ${describeExit(end.exitCode)}.`;
  }
}
