/**
 * Ends this process once all that it printed is out: a request to GitHub that hangs would keep it alive long after what it
 * had to do is done.
 */
export function endProcess(): void {
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      // A turn later: that the output cannot be written is told after the callback of the write.
      setImmediate(() => process.exit());
    });
  });
}
