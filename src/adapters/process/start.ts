/** Says that a program could not be started at all. */
export class ToolMissingError extends Error {
  override name = 'ToolMissingError';

  /** What the system said. */
  readonly reason: string;
  /** The system's own code for it, such as `ENOENT`; undefined where it gave none. */
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

/** Starts a program. Some failures to start come as an event, and some are thrown. @throws ToolMissingError for the latter */
export function startProgram<Child>(tool: string, spawnIt: () => Child): Child {
  try {
    return spawnIt();
  } catch (error) {
    throw new ToolMissingError(tool, error);
  }
}
