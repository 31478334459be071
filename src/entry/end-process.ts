/**
 * Ends this process once all that it printed is out: a request to GitHub that hangs would keep it alive long after what it
 * had to do is done.
 */
export function endProcess(): void {
  process.stdout.write('', () => {
    process.stderr.write('', () => {
      process.exit();
    });
  });
}
