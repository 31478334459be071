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

/** The limit in bytes for the labels on one command line. Linux allows 2 MB including the environment. */
const COMMAND_LINE_BYTES = 500_000;

/** How many bytes at the end of Bazel's output are searched for errors. */
export const OUTPUT_BYTES = 1024 * 1024;

/** The results of a leg's calls of Bazel. */
export interface LegOutcomes {
  readonly end: BazelEnd;
  readonly outcomes: ReadonlyMap<Label, Outcome>;
  /** The end of Bazel's output, without the output of the programs that `bazel run` started. */
  readonly bazelOutput: string;
}

/**
 * Tests or builds all targets of a leg. This takes one call of Bazel, or several if the labels fit neither into one
 * file nor on one command line. After a call that fails the next ones are still made; after a signal they are not.
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

/**
 * The build events of a call that can be read: none if Bazel wrote no file, and those before the damage if it is
 * damaged.
 */
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
    // The events after the damage are lost. Their targets have no status, so the leg fails.
    if (!(error instanceof BuildEventError)) throw error;
  }
  return record;
}

/** The targets of one call. */
interface Batch {
  /** Where the labels are passed. Bazel accepts them from a file or from its command line, but not from both. */
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

/** Splits labels into lists that each fit on a command line. */
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
 * Whether Bazel reads a line of a target pattern file as exactly this label. Bazel (at least up to 7.7) cuts a line at
 * `#`, trims it, and misreads characters outside ASCII.
 */
function fitsPatternFile(label: Label): boolean {
  return /^[\x20-\x7e]+$/.test(label) && !label.includes('#') && label.trim() === label;
}
