import type { ProgramEnd } from '../process/end.js';
import {
  describeExit,
  NOTHING_FOUND,
  PARTIAL_ANSWER,
  PROGRAM_FAILED,
  SERVER_FAILED,
  signalOf,
  WRONG_OPTIONS,
} from '../../formats/exit-codes.js';

/** How a call of Bazel failed. */
export type BazelFailure =
  | ProgramEnd
  /** The program ended with exit code 0, but Bazel itself never reported that it finished. */
  | { readonly kind: 'unfinished' }
  /** Bazel was not started, because a query cannot express the question. */
  | { readonly kind: 'not asked'; readonly why: string };

/** Bazel failed at what it was called for. The message shows all of Bazel's own output. */
export class BazelError extends Error {
  override name = 'BazelError';

  constructor(
    /** What Bazel was called for, as in "loading all packages". */
    readonly doing: string,
    readonly failure: BazelFailure,
    /** Bazel's output, unchanged. */
    readonly output: string,
  ) {
    const reason = `${doing} failed: ${describeBazelEnd(failure, output)}.`;
    super(
      failure.kind === 'not asked' ? reason : `${output.trim()}\n\n${reason} ${where(output)}`.trimStart(),
    );
  }

  /** Whether Bazel refused the options that it was called with. */
  get isAboutOptions(): boolean {
    return this.failure.kind === 'exited' && this.failure.exitCode === WRONG_OPTIONS;
  }

  /** Whether the revision itself has an error: something in it does not load. */
  get isAboutCode(): boolean {
    return this.failure.kind === 'exited' && [PARTIAL_ANSWER, NOTHING_FOUND].includes(this.failure.exitCode);
  }
}

function where(output: string): string {
  return output.trim() === '' ? 'It printed nothing.' : 'Its output is above.';
}

const MEMORY =
  'most likely the machine ran out of memory: take a larger runner, or give Bazel a smaller heap ' +
  '(the startup option --host_jvm_args=-Xmx…)';

function describeBazelEnd(failure: BazelFailure, output: string): string {
  switch (failure.kind) {
    case 'killed':
      return `Bazel was killed by ${failure.signal}; ${MEMORY}`;
    case 'unfinished':
      return (
        'Bazel did not finish, although the program that starts it reports success; a wrapper hides how Bazel ended, and ' +
        MEMORY
      );
    case 'not asked':
      return failure.why;
    case 'exited': {
      // A plan builds nothing, so this exit code is not Bazel's. It comes from the program that starts Bazel, such as a
      // Bazelisk without a network.
      if (failure.exitCode === PROGRAM_FAILED) return 'the program that starts Bazel ended with exit code 1';
      const ended = `Bazel ended with ${describeExit(failure.exitCode)}`;
      const isKilled =
        signalOf(failure.exitCode) === 'SIGKILL' ||
        (failure.exitCode === SERVER_FAILED && /server terminated abruptly/i.test(output));
      return isKilled ? `${ended}; ${MEMORY}` : ended;
    }
  }
}
