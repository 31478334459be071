/** A program could not be started. */
export class ToolMissingError extends Error {
  override name = 'ToolMissingError';

  /** The system's message. */
  readonly reason: string;
  /** The system's error code, such as `ENOENT`; undefined if there is none. */
  readonly code: string | undefined;

  constructor(
    readonly tool: string,
    cause: unknown,
  ) {
    const { message = String(cause), code } = cause as Partial<NodeJS.ErrnoException>;
    super(`cannot start ${tool}: ${message}`, { cause });
    this.reason = message;
    this.code = code;
  }
}

/**
 * Starts a program. Node reports some failures to start as an event, and throws others.
 *
 * @throws ToolMissingError for the latter
 */
export function startProgram<Child>(tool: string, spawnIt: () => Child): Child {
  try {
    return spawnIt();
  } catch (error) {
    throw new ToolMissingError(tool, error);
  }
}
