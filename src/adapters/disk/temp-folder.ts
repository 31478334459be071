import { tmpdir } from 'node:os';

/** The folder for temporary files: the runner's if there is one, else the system's. */
export function tempFolder(): string {
  return process.env.RUNNER_TEMP ?? tmpdir();
}
