import { ToolMissingError } from '../process/start.js';

/** Bazel could not be started. The message says what to do. */
export class BazelStartError extends Error {
  override name = 'BazelStartError';

  /** @param workspace the folder in which Bazel was to run */
  constructor(cause: ToolMissingError, workspace: string) {
    const { tool, reason, code } = cause;
    super(
      `Bazel could not be started as ${JSON.stringify(tool)} in ${workspace}: ${reason.replace(/\.$/, '')}. ` +
        startRemedy(code),
      { cause },
    );
  }
}

function startRemedy(code: string | undefined): string {
  return code === 'E2BIG'
    ? 'Its options, labels and environment are longer than the system allows: shorten the inputs with options and ' +
        'environment, or spread the targets over more legs.'
    : 'Install bazelisk (https://github.com/bazelbuild/bazelisk), or set `bazel` to the program.';
}

/** Waits for a program that runs Bazel. @throws BazelStartError in place of a ToolMissingError */
export async function orStartError<T>(running: Promise<T>, workspace: string): Promise<T> {
  try {
    return await running;
  } catch (error) {
    throw error instanceof ToolMissingError ? new BazelStartError(error, workspace) : error;
  }
}
