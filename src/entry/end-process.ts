/**
 * Ends this process as soon as all output is written. Otherwise a request to GitHub that hangs would keep it running
 * long after its work is done.
 */
export function endProcess(): void {
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      // Exits one turn later, because a write error is reported after the callback of the write.
      setImmediate(() => process.exit());
    });
  });
}
