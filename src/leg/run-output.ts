import { RollingOutput } from '../text/rolling-output.js';

/** The last line that Bazel prints before it starts the program. */
const PROGRAM_STARTS = /INFO: (?:\x1b\[0m)?Running command line: .*\n/;

/** Bazel's message about the event file, which it prints after {@link PROGRAM_STARTS}. */
const EVENTS_WRITTEN =
  /^(?:\x1b\[32m)?INFO: (?:\x1b\[0m)?Build Event Protocol files produced successfully\.\n/m;

/** The ends of the output of `bazel run`: first Bazel's, on stderr, and then the program's, on both streams. */
export class RunOutput {
  private readonly all: RollingOutput;
  private readonly bazel: RollingOutput;
  private readonly program: RollingOutput;
  private hasStarted = false;
  /** Bazel's current line, which is not complete yet; one character per byte. */
  private openLine = '';

  constructor(maxBytes: number) {
    this.all = new RollingOutput(maxBytes);
    this.bazel = new RollingOutput(maxBytes);
    this.program = new RollingOutput(maxBytes);
  }

  add(chunk: Buffer, stream: 'stdout' | 'stderr'): void {
    this.all.add(chunk);
    // The two streams may arrive out of order, but everything on stdout is the program's.
    if (this.hasStarted || stream === 'stdout') this.program.add(chunk);
    else this.addOfBazel(chunk);
  }

  /** The end of the program's output. If Bazel does not report the program's start, the end of all output. */
  ofProgram(): string {
    return this.hasStarted ? this.program.text().replace(EVENTS_WRITTEN, '') : this.all.text();
  }

  /** The end of Bazel's output. If Bazel does not report the program's start, it includes the program's stderr. */
  ofBazel(): string {
    return this.bazel.text();
  }

  private addOfBazel(chunk: Buffer): void {
    const lines = this.openLine + chunk.toString('latin1');
    const start = PROGRAM_STARTS.exec(lines);
    if (start === null) {
      this.bazel.add(chunk);
      this.openLine = lines.slice(lines.lastIndexOf('\n') + 1);
      return;
    }
    const end = start.index + start[0].length - this.openLine.length;
    this.bazel.add(chunk.subarray(0, end));
    this.program.add(chunk.subarray(end));
    this.hasStarted = true;
  }
}
