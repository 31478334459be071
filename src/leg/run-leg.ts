import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorMessages } from '../formats/error-messages.js';
import { Interruption, type SignalSource } from '../adapters/bazel/interruption.js';
import type { Location } from '../formats/locations.js';
import type { OutputListener } from '../adapters/bazel/run-command.js';
import type { Label } from '../graph/label.js';
import type { Leg } from '../plan/legs/leg.js';
import { concealed } from './result/concealed.js';
import {
  formatLegResult,
  RESULT_VERSION,
  unfinishedResult,
  type LegResult,
  type TargetResult,
} from './result/leg-result.js';
import { legStatus, type BazelEnd } from './result/leg-status.js';
import { hasPassed, logsOf, type Outcome } from './result/outcome.js';
import { Concealer } from '../text/concealer.js';
import { plainText, tail } from '../text/plain-text.js';
import { buildLeg, type LegOutcomes } from './build-leg.js';
import type { BazelSetup, LegContext } from './leg-context.js';
import { locateTargets, buildFileOf } from './locate-targets.js';
import { LogTails } from './log-tails.js';
import { releaseLeg } from './release-leg.js';

/**
 * How long Bazel may take to end after a signal. GitHub's runner sends SIGINT to a cancelled step, SIGTERM after 7.5
 * seconds, and kills it after another 2.5. This value leaves time to read and write the results so far.
 */
export const GRACE_MS = 6_000;

/** One leg to run. */
export interface LegRun {
  readonly leg: Leg;
  /** The attempt of the workflow run, from 1. */
  readonly attempt: number;
  /** The root of the Bazel workspace. */
  readonly workspace: string;
  readonly bazel: BazelSetup;
  /** As in the context of the leg. */
  readonly access: LegContext['access'];
  readonly variables: LegContext['variables'];
  readonly status: LegContext['status'];
  readonly ledger: LegContext['ledger'];
  /** Further lines for Bazel's configuration. The workspace's own rc files also apply; these lines come after them. */
  readonly rcLines: readonly string[];
  /** Texts that must not appear in the result, even if Bazel or a program that it runs printed them. */
  readonly secrets: readonly string[];
  /** An existing folder for temporary files. */
  readonly tempFolder: string;
  /** The path of the result file. It is written at the start, with the result of a killed leg, and again at the end. */
  readonly resultFile: string;
  readonly graceMs: number;
  readonly signals: SignalSource;
  /** Receives Bazel's output while it arrives. */
  readonly onOutput: OutputListener;
}

/**
 * Runs one leg and writes its result file. Failures of Bazel or the targets are in the result, not thrown: check its
 * status. SIGINT and SIGTERM are passed to Bazel, which has limited time to end. The result then contains what is known
 * so far.
 *
 * @returns the content of the result file
 */
export async function runLeg(run: LegRun): Promise<LegResult> {
  const startedAt = new Date();
  await writeResult(run.resultFile, unfinishedResult(run.leg, run.attempt, startedAt));
  using interruption = new Interruption(run.signals);
  const folder = await mkdtemp(join(run.tempFolder, 'leg-'));
  try {
    const { leg, workspace, access, variables, status, ledger, graceMs } = run;
    const bazel = await withRcLines(run.bazel, run.rcLines, folder);
    const concealer = new Concealer(run.secrets);
    const conceal = (text: string): string => concealer.conceal(text);
    const context = {
      leg,
      workspace,
      bazel,
      access,
      variables,
      status,
      ledger,
      folder,
      interruption,
      conceal,
      graceMs,
    };
    const result = concealed(await legResult(run, context, startedAt), conceal);
    await writeResult(run.resultFile, result);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function legResult(run: LegRun, context: LegContext, startedAt: Date): Promise<LegResult> {
  const { leg } = run;
  const { end, outcomes, bazelOutput } = await callFor(context, run.onOutput);
  // A signal that arrives after this point does not change the results.
  const interruptedBy = context.interruption.received;
  const located = interruptedBy === null ? await locateFailed(context, outcomes) : new Map<Label, Location>();
  const tails = new LogTails(context.conceal);
  const targets: TargetResult[] = [];
  for (const label of leg.targets) {
    const outcome = outcomes.get(label) ?? {
      kind: 'no status',
      message: 'Bazel reported nothing about this target.',
    };
    targets.push({ label, outcome: await tails.readInto(outcome), location: located.get(label) ?? null });
  }
  const failed = targets.filter(({ outcome }) => !hasPassed(leg.mode, outcome));
  return {
    version: RESULT_VERSION,
    leg: { name: leg.name, mode: leg.mode, attempt: run.attempt },
    ...legStatus(leg.mode, end, interruptedBy, targets),
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    targets,
    bazel: {
      exitCode: 'exitCode' in end ? end.exitCode : null,
      message: bazelMessage(end, bazelOutput, failed, context.conceal),
    },
  };
}

async function callFor(context: LegContext, onOutput: OutputListener): Promise<LegOutcomes> {
  switch (context.leg.mode) {
    case 'test':
    case 'build':
      return buildLeg(context, context.leg.mode, onOutput);
    case 'release':
      return releaseLeg(context, onOutput);
  }
}

async function withRcLines(bazel: BazelSetup, lines: readonly string[], folder: string): Promise<BazelSetup> {
  if (lines.length === 0) return bazel;
  const file = join(folder, 'leg.bazelrc');
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
  return { ...bazel, startupOptions: [...bazel.startupOptions, `--bazelrc=${file}`] };
}

/**
 * Where the failed targets are declared. Targets without a result get only their BUILD file, because they are not worth
 * a query.
 */
async function locateFailed(
  context: LegContext,
  outcomes: ReadonlyMap<Label, Outcome>,
): Promise<Map<Label, Location>> {
  const failed: Label[] = [];
  const lost: Label[] = [];
  for (const [label, outcome] of outcomes) {
    if (outcome.kind === 'no status') lost.push(label);
    else if (!hasPassed(context.leg.mode, outcome)) failed.push(label);
  }
  const located = await locateTargets(context, failed);
  for (const label of lost) {
    const buildFile = await buildFileOf(label, context.workspace);
    if (buildFile !== null) located.set(label, buildFile);
  }
  return located;
}

/**
 * Bazel's error messages. If Bazel failed without one, and nothing else explains the failure, the end of its output.
 */
function bazelMessage(
  end: BazelEnd,
  output: string,
  failed: readonly TargetResult[],
  conceal: (text: string) => string,
): string | null {
  // The leg's own message already tells why Bazel could not be started.
  if (end.kind === 'not started') return null;
  if (end.kind === 'exited' && end.exitCode === 0) return null;
  const errors = errorMessages(output);
  const isExplainedByLogs =
    failed.length > 0 && failed.every(({ outcome }) => logsOf(outcome).some(({ tail }) => tail));
  if (errors === '' && (end.kind === 'program ended' || isExplainedByLogs)) return null;
  const message =
    errors === '' ? tail(conceal(plainText(output)), 20, 8_000) : tail(conceal(errors), 80, 8_000);
  return message === '' ? null : message;
}

/** Writes a result file completely or not at all. */
export async function writeResult(file: string, result: LegResult): Promise<void> {
  const unfinished = `${file}.${process.pid}.tmp`;
  await writeFile(unfinished, formatLegResult(result));
  await rename(unfinished, file);
}
