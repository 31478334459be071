import { constants } from 'node:os';

/** `bazel build` or `bazel run`: a target failed to build. */
export const BUILD_FAILED = 1;
/** The same code from other programs, which return it for any failure. */
export const PROGRAM_FAILED = BUILD_FAILED;
/** Bazel does not accept an option, or the command line as a whole. */
export const WRONG_OPTIONS = 2;
/** `bazel test`: the build succeeded, but a test failed. */
export const TESTS_FAILED = 3;
/** `bazel test`: there was no test to run. */
export const NO_TESTS_FOUND = 4;
/** `bazel query --keep_going`: some of the requested targets could not be loaded, and the others were printed. */
export const PARTIAL_ANSWER = 3;
/** None of the requested targets could be loaded. */
export const NOTHING_FOUND = 7;
/** The server crashed or could not be started. */
export const SERVER_FAILED = 37;

/** The meanings of Bazel's exit codes. https://bazel.build/run/scripts#exit-codes */
const MEANING: ReadonlyMap<number, string> = new Map([
  [BUILD_FAILED, 'the build failed'],
  [WRONG_OPTIONS, 'a wrong option or command line'],
  [TESTS_FAILED, 'the build succeeded, and tests failed'],
  [NO_TESTS_FOUND, 'no tests were found'],
  [NOTHING_FOUND, 'targets or packages could not be loaded'],
  [8, 'it was interrupted'],
  [9, 'another command holds the lock'],
  [32, 'the environment of the machine has an error'],
  [33, 'out of memory'],
  [34, 'the remote execution or cache has an error'],
  [36, 'the machine has an error: permissions or disk'],
  [SERVER_FAILED, 'an internal error of Bazel'],
  [38, 'the build event service or a remote has an error'],
  [39, 'the remote cache lost blobs'],
  [45, 'the build event service refuses what it gets'],
]);

/** If a signal ended a program, a shell returns the signal's number plus this. */
const SHELL_SIGNAL = 128;

/** The meaning of an exit code of Bazel, or of a wrapper that runs it, for a message. */
export function describeExit(exitCode: number): string {
  const signal = signalOf(exitCode);
  const meaning = signal === null ? MEANING.get(exitCode) : `a wrapper says that ${signal} ended it`;
  return meaning === undefined ? `exit code ${exitCode}` : `exit code ${exitCode}: ${meaning}`;
}

/** The signal that a shell's exit code stands for; null if it stands for none. */
export function signalOf(exitCode: number): string | null {
  const names = Object.entries(constants.signals);
  return names.find(([, number]) => number === exitCode - SHELL_SIGNAL)?.[0] ?? null;
}
