import { tmpdir } from 'node:os';

/** Where temporary files belong: where the runner wants them, else where the system does. */
export function tempFolder(): string {
  return process.env.RUNNER_TEMP ?? tmpdir();
}
