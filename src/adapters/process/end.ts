/** How a program ended. */
export type ProgramEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  /** A signal ended the program, so it may not have printed an error. */
  | { readonly kind: 'killed'; readonly signal: string };

/** Converts Node's description of a program's end: an exit code, or the name of a signal. */
export function programEnd(exitCode: number | null, signal: string | null): ProgramEnd {
  return exitCode === null ? { kind: 'killed', signal: signal ?? 'a signal' } : { kind: 'exited', exitCode };
}

/** Whether the program reported success. */
export function hasSucceeded(end: ProgramEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}
