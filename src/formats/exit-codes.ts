import { constants } from 'node:os';

/** `bazel build` or `bazel run`: a target failed to build. */
export const BUILD_FAILED = 1;
/** The same code, of any program that could not do what it was to do. */
export const PROGRAM_FAILED = BUILD_FAILED;
/** Bazel does not take an option, or the command line as a whole. */
export const WRONG_OPTIONS = 2;
/** `bazel test`: the build is fine, and a test failed. */
export const TESTS_FAILED = 3;
/** Of a `bazel test` that found no test. */
export const NO_TESTS_FOUND = 4;
/** `bazel query --keep_going`: some of what was asked for could not be loaded, and the rest is there. */
export const PARTIAL_ANSWER = 3;
/** Nothing of what was asked for could be loaded. */
export const NOTHING_FOUND = 7;
/** The server crashed, or it could not be started. */
export const SERVER_FAILED = 37;

/** What Bazel means by its exit codes. https://bazel.build/run/scripts#exit-codes */
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
]);

/** A shell says this much more than the signal's number where a signal ended the program that it ran. */
const SHELL_SIGNAL = 128;

/** The meaning of an exit code of Bazel, or of a wrapper around it, for a message. */
export function describeExit(exitCode: number): string {
  const signal = signalOf(exitCode);
  const meaning = signal === null ? MEANING.get(exitCode) : `a wrapper says that ${signal} ended it`;
  return meaning === undefined ? `exit code ${exitCode}` : `exit code ${exitCode}: ${meaning}`;
}

/** The signal that a shell means by an exit code; null where it means none. */
export function signalOf(exitCode: number): string | null {
  const names = Object.entries(constants.signals);
  return names.find(([, number]) => number === exitCode - SHELL_SIGNAL)?.[0] ?? null;
}
