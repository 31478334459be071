import type { Aim } from './result/build-record.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputListener } from '../adapters/bazel/run-command.js';
import type { Label } from '../graph/label.js';
import { hasPassed, type Outcome } from './result/outcome.js';
import type { BazelEnd } from './result/leg-status.js';
import { RollingOutput } from '../text/rolling-output.js';
import { IncompatibleTargets } from './incompatible-targets.js';
import type { LegContext } from './leg-context.js';
import { readRecord } from './read-record.js';

/** The limit in bytes for the labels on one command line. Linux allows 2 MB including the environment. */
const COMMAND_LINE_BYTES = 500_000;

/** How many bytes at the end of Bazel's output are searched for errors. */
export const OUTPUT_BYTES = 1024 * 1024;

/**
 * For releases that are only built. Some rules publish by a validation action, such as image_push of rules_img with
 * `push_at_build_time`. The options of a leg come after this, and may turn validations on.
 */
export const ONLY_BUILD = ['--norun_validations'];

/** The results of a leg's calls of Bazel. */
export interface LegOutcomes {
  readonly end: BazelEnd;
  readonly outcomes: ReadonlyMap<Label, Outcome>;
  /** The end of Bazel's output, without the output of the programs that `bazel run` started. */
  readonly bazelOutput: string;
}

/** The outcome of a target that Bazel refused instead of skipping it. */
export const REFUSED: Outcome = {
  kind: 'incompatible',
  message: 'Bazel refused to build this target, because it cannot be built for the platform.',
};

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
  const calls = new BuildCalls(context, aim, output, onOutput);
  let firstFailure: BazelEnd | null = null;
  for (const batch of batchesOf(context.leg.targets)) {
    const { end, outcomes: ofBatch } = await calls.build(batch);
    if (end.kind !== 'exited' || end.exitCode !== 0) firstFailure ??= end;
    for (const [label, outcome] of ofBatch) outcomes.set(label, outcome);
  }
  return {
    end: firstFailure ?? { kind: 'exited', exitCode: 0 },
    outcomes,
    bazelOutput: output.text(),
  };
}

/** What one batch came to. */
interface BatchOutcomes {
  readonly end: BazelEnd;
  readonly outcomes: ReadonlyMap<Label, Outcome>;
}

/** The calls of Bazel that build the batches of a leg. */
class BuildCalls {
  private readonly incompatible = new IncompatibleTargets();
  private count = 0;

  constructor(
    private readonly context: LegContext,
    private readonly aim: Aim,
    /** Gets the output of the calls that count. */
    private readonly output: RollingOutput,
    private readonly onOutput: OutputListener,
  ) {}

  /**
   * Builds a batch. If Bazel refused targets that cannot be built for the platform, its exit code says that the build
   * failed, whatever else it means. So if all others passed, Bazel is called again for those alone, which are up to
   * date, and that exit code counts.
   */
  async build(batch: Batch): Promise<BatchOutcomes> {
    const first = await this.call(batch);
    const others = batch.labels.filter((label) => first.outcomes.get(label) !== REFUSED);
    const passed = others.every((label) => {
      const outcome = first.outcomes.get(label);
      return outcome !== undefined && hasPassed(this.aim, outcome);
    });
    if (others.length === batch.labels.length || !passed) return first;
    if (others.length === 0) return { ...first, end: { kind: 'exited', exitCode: 0 } };
    const again = await this.call({ ...batch, labels: others });
    // A call that succeeded, or that a signal ended, tells nothing new about the targets.
    return again.end.kind === 'exited' && again.end.exitCode !== 0
      ? { end: again.end, outcomes: new Map([...first.outcomes, ...again.outcomes]) }
      : { end: again.end, outcomes: first.outcomes };
  }

  private async call({ place, labels }: Batch): Promise<BatchOutcomes> {
    const at = this.count++;
    const { bazel, folder } = this.context;
    const eventFile = join(folder, `build-events-${at}.jsonl`);
    const targets = await targetArguments({ place, labels }, join(folder, `targets-${at}`));
    let printed = new RollingOutput(OUTPUT_BYTES);
    const end = await this.incompatible.call(
      this.context,
      eventFile,
      (options) => [
        this.aim,
        '--keep_going',
        ...options,
        ...(this.aim === 'build' ? ONLY_BUILD : []),
        ...bazel.flags,
        `--build_event_json_file=${eventFile}`,
        ...targets,
      ],
      () => {
        printed = new RollingOutput(OUTPUT_BYTES);
        return (chunk, stream) => {
          printed.add(chunk);
          this.onOutput(chunk, stream);
        };
      },
    );
    this.output.add(Buffer.from(printed.text()));
    const record = await readRecord(eventFile);
    const outcomeOf = (label: Label): Outcome =>
      this.incompatible.isRefused(label, record) ? REFUSED : record.outcomeOf(label, this.aim);
    return { end, outcomes: new Map(labels.map((label) => [label, outcomeOf(label)])) };
  }
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
