import { createReadStream } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BuildEventError, BuildRecord, readBuildEvents, type Aim } from '../bazel/build-events.js';
import type { OutputListener } from '../bazel/run-command.js';
import type { Label } from '../graph/label.js';
import type { Outcome } from '../results/outcome.js';
import type { BazelEnd } from '../results/leg-status.js';
import { RollingOutput } from '../text/rolling-output.js';
import { callBazel, type LegContext } from './leg-context.js';

/** Most that the labels of a leg may take on a command line, in bytes; Linux takes 2 MB with the environment. */
const COMMAND_LINE_BYTES = 500_000;

/** Of Bazel's output this much is searched for its errors. */
const OUTPUT_BYTES = 1024 * 1024;

/** Says that Bazel has no way to take the labels of a leg. */
export class LabelsError extends Error {
  override name = 'LabelsError';
}

/** What the calls of a leg gave. */
export interface LegOutcomes {
  readonly end: BazelEnd;
  readonly outcomes: ReadonlyMap<Label, Outcome>;
  /** The end of what Bazel printed, without what it ran for a release. */
  readonly bazelOutput: string;
}

/**
 * Tests or builds all targets of a leg with one call of Bazel.
 *
 * @throws LabelsError if a label cannot stand in a target pattern file and the labels are too many for a command line
 */
export async function buildLeg(
  context: LegContext,
  aim: Aim,
  onOutput: OutputListener,
): Promise<LegOutcomes> {
  const eventFile = join(context.folder, 'build-events.jsonl');
  const output = new RollingOutput(OUTPUT_BYTES);
  const end = await callBazel(
    context,
    [
      aim,
      '--keep_going',
      '--skip_incompatible_explicit_targets',
      ...context.bazel.flags,
      `--build_event_json_file=${eventFile}`,
      ...(await targetArguments(context)),
    ],
    (chunk, stream) => {
      output.add(chunk);
      onOutput(chunk, stream);
    },
  );
  const record = await readRecord(eventFile);
  return {
    end,
    outcomes: new Map(context.leg.targets.map((label) => [label, record.outcomeOf(label, aim)])),
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

async function targetArguments({ leg, folder }: LegContext): Promise<string[]> {
  if (leg.targets.every(fitsPatternFile)) {
    const patternFile = join(folder, 'targets');
    await writeFile(patternFile, leg.targets.map((label) => `${label}\n`).join(''));
    return [`--target_pattern_file=${patternFile}`];
  }
  const bytes = leg.targets.reduce((sum, label) => sum + Buffer.byteLength(label) + 1, 0);
  if (bytes > COMMAND_LINE_BYTES) {
    const odd = leg.targets.find((label) => !fitsPatternFile(label)) ?? '';
    throw new LabelsError(
      `The labels of this leg take ${bytes} bytes, and one of them, ${JSON.stringify(odd)}, cannot stand in a target ` +
        'pattern file. Rename that target, or spread the targets over more legs.',
    );
  }
  return ['--', ...leg.targets];
}

/**
 * Whether Bazel reads a line of a target pattern file as this label. Up to 7.7 at least, it cuts a line at `#`, trims
 * it, and takes the bytes of other characters than ASCII for something else.
 */
function fitsPatternFile(label: Label): boolean {
  return /^[\x20-\x7e]+$/.test(label) && !label.includes('#') && label.trim() === label;
}
