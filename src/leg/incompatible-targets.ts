import type { OutputListener } from '../adapters/bazel/run-command.js';
import { WRONG_OPTIONS } from '../formats/exit-codes.js';
import { RefusedTargets } from '../formats/refused-targets.js';
import type { Label } from '../graph/label.js';
import { RollingOutput } from '../text/rolling-output.js';
import { callBazel, type LegContext } from './leg-context.js';
import { readRecord } from './read-record.js';
import type { BuildRecord } from './result/build-record.js';
import type { BazelEnd } from './result/leg-status.js';

const SKIP = '--skip_incompatible_explicit_targets';

/** Bazel's error about the option, as opposed to one that only shows the command line. */
const UNKNOWN_OPTION = `Unrecognized option: ${SKIP}`;

/** How many bytes at the end of a call's output are searched for that error. It is among the last lines. */
const ERROR_BYTES = 64 * 1024;

/** What the log says before the second call. */
const CALLED_AGAIN = `This Bazel has no ${SKIP} (it came with 7.0), so it is called again without it.\n`;

/**
 * How the calls of one leg deal with targets that cannot be built for the platform.
 *
 * From 7.0 on, Bazel skips them on demand, and its build events say so. Before, it refuses a target that is named on the
 * command line, the build events give no reason, and only the output does. Whether Bazel knows the option is learned
 * from the first call: it costs nothing where Bazel does, and needs no version, which not every Bazel tells.
 */
export class IncompatibleTargets {
  private hasOption = true;
  private readonly refused = new RefusedTargets();

  /**
   * Calls Bazel, a second time if it does not know the option. A call that got to any target is not repeated: its output
   * is also that of programs, and a release must not run twice.
   *
   * @param eventFile where the command line lets Bazel write its build events
   * @param commandLine the command with these further options
   * @param listener makes the listener of one call; the last one that it made heard the call that counts
   */
  async call(
    context: LegContext,
    eventFile: string,
    commandLine: (options: readonly string[]) => readonly string[],
    listener: () => OutputListener,
  ): Promise<BazelEnd> {
    if (this.hasOption) {
      const onOutput = listener();
      const output = new RollingOutput(ERROR_BYTES);
      const end = await callBazel(context, commandLine([SKIP]), (chunk, stream) => {
        output.add(chunk);
        onOutput(chunk, stream);
      });
      const isRefused = end.kind === 'exited' && end.exitCode === WRONG_OPTIONS;
      if (!isRefused || !output.text().includes(UNKNOWN_OPTION)) return end;
      if (!(await readRecord(eventFile)).isEmpty) return end;
      this.hasOption = false;
      onOutput(Buffer.from(CALLED_AGAIN), 'stderr');
    }
    const onOutput = listener();
    return callBazel(context, commandLine([]), (chunk, stream) => {
      if (stream === 'stderr') this.refused.add(chunk);
      onOutput(chunk, stream);
    });
  }

  /**
   * Whether Bazel refused a target only because it cannot be built for the platform. The output alone is no proof,
   * because a program that Bazel ran can print anything: the build events must say that Bazel gave the target up.
   */
  isRefused(label: Label, record: BuildRecord): boolean {
    return !this.hasOption && this.refused.has(label) && record.isGivenUp(label);
  }
}
