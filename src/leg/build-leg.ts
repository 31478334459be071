import { BuildRecord, type Aim } from './result/build-record.js';
import { createReadStream } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildEventError, readBuildEvents } from '../formats/build-events.js';
import type { OutputListener } from '../adapters/bazel/run-command.js';
import type { Label } from '../graph/label.js';
import type { Outcome } from './result/outcome.js';
import type { BazelEnd } from './result/leg-status.js';
import { RollingOutput } from '../text/rolling-output.js';
import { callBazel, type LegContext } from './leg-context.js';

/** Most that the labels of a leg may take on a command line, in bytes; Linux takes 2 MB with the environment. */
const COMMAND_LINE_BYTES = 500_000;

/** Of Bazel's output this much is searched for its errors. */
export const OUTPUT_BYTES = 1024 * 1024;

/** What the calls of a leg gave. */
export interface LegOutcomes {
  readonly end: BazelEnd;
  readonly outcomes: ReadonlyMap<Label, Outcome>;
  /** The end of what Bazel printed, without what it ran for a release. */
  readonly bazelOutput: string;
}

/**
 * Tests or builds all targets of a leg: with one call of Bazel, or with more where their labels can stand neither all in
 * a file nor all on one command line. A call that fails does not keep the next ones from being made; a signal does.
 */
export async function buildLeg(
  context: LegContext,
  aim: Aim,
  onOutput: OutputListener,
): Promise<LegOutcomes> {
  const outcomes = new Map<Label, Outcome>();
  const output = new RollingOutput(OUTPUT_BYTES);
  let firstFailure: BazelEnd | null = null;
  for (const [at, batch] of batchesOf(context.leg.targets).entries()) {
    const eventFile = join(context.folder, `build-events-${at}.jsonl`);
    const end = await callBazel(
      context,
      [
        aim,
        '--keep_going',
        '--skip_incompatible_explicit_targets',
        ...context.bazel.flags,
        `--build_event_json_file=${eventFile}`,
        ...(await targetArguments(batch, join(context.folder, `targets-${at}`))),
      ],
      (chunk, stream) => {
        output.add(chunk);
        onOutput(chunk, stream);
      },
    );
    if (end.kind !== 'exited' || end.exitCode !== 0) firstFailure ??= end;
    const record = await readRecord(eventFile);
    for (const label of batch.labels) outcomes.set(label, record.outcomeOf(label, aim));
  }
  return {
    end: firstFailure ?? { kind: 'exited', exitCode: 0 },
    outcomes,
    bazelOutput: output.text(),
  };
}

/** The build events of a call, as far as it wrote them: none if it ended before, or as far as the file is readable. */
export async function readRecord(eventFile: string): Promise<BuildRecord> {
  const record = new BuildRecord();
  try {
    await access(eventFile);
  } catch {
    return record;
  }
  try {
    for await (const event of readBuildEvents(createReadStream(eventFile) as AsyncIterable<Uint8Array>)) {
      record.add(event);
    }
  } catch (error) {
    // What comes after the damage is lost: those targets have no status, and so the leg fails.
    if (!(error instanceof BuildEventError)) throw error;
  }
  return record;
}

/** Targets of one call. */
interface Batch {
  /** Where their labels stand: Bazel takes them from a file or from its command line, and not from both. */
  readonly place: 'file' | 'command line';
  readonly labels: readonly Label[];
}

function batchesOf(labels: readonly Label[]): Batch[] {
  if (labels.every(fitsPatternFile)) return [{ place: 'file', labels }];
  if (byteLength(labels) <= COMMAND_LINE_BYTES) return [{ place: 'command line', labels }];
  const fitting = labels.filter(fitsPatternFile);
  const odd = chunksOf(labels.filter((label) => !fitsPatternFile(label)));
  return [
    ...(fitting.length === 0 ? [] : [{ place: 'file', labels: fitting } as const]),
    ...odd.map((chunk) => ({ place: 'command line', labels: chunk }) as const),
  ];
}

/** Labels in lists that each fit on a command line. */
function chunksOf(labels: readonly Label[]): Label[][] {
  const chunks: Label[][] = [];
  let room = 0;
  for (const label of labels) {
    const bytes = byteLength([label]);
    if (bytes > room) {
      chunks.push([]);
      room = COMMAND_LINE_BYTES;
    }
    chunks.at(-1)?.push(label);
    room -= bytes;
  }
  return chunks;
}

function byteLength(labels: readonly Label[]): number {
  return labels.reduce((sum, label) => sum + Buffer.byteLength(label) + 1, 0);
}

async function targetArguments({ place, labels }: Batch, patternFile: string): Promise<string[]> {
  if (place === 'command line') return ['--', ...labels];
  await writeFile(patternFile, labels.map((label) => `${label}\n`).join(''));
  return [`--target_pattern_file=${patternFile}`];
}

/**
 * Whether Bazel reads a line of a target pattern file as this label. Up to 7.7 at least, it cuts a line at `#`, trims
 * it, and takes the bytes of other characters than ASCII for something else.
 */
function fitsPatternFile(label: Label): boolean {
  return /^[\x20-\x7e]+$/.test(label) && !label.includes('#') && label.trim() === label;
}
