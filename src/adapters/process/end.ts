/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** By a signal: it could not say what was wrong. */
  | { readonly kind: 'killed'; readonly signal: string };

/** Reads what Node says of the end of a program: a signal's name, or an exit code. */
export function programEnd(exitCode: number | null, signal: string | null): ProgramEnd {
  return exitCode === null ? { kind: 'killed', signal: signal ?? 'a signal' } : { kind: 'exited', exitCode };
}

/** Whether the program says that it did what it was asked. */
export function hasSucceeded(end: ProgramEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}
