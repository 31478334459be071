import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that is gone after the test. */
export class TemporaryFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'bazel-affected-test-')));

  join(...parts: readonly string[]): string {
    return join(this.path, ...parts);
  }

  /** A new, empty folder inside. */
  newFolder(): string {
    return mkdtempSync(this.join('folder-'));
  }

  remove(): void {
    // A process that ends at this moment may still write here.
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
