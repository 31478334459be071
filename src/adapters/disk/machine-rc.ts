import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/** The folder of the user, in which Bazel looks for an rc file. */
export function homeFolder(): string {
  return process.env.HOME ?? homedir();
}

/** The rc files that the environment names: Bazel 9 reads this variable. */
export function rcFilesOfEnvironment(): string[] {
  return (process.env.BAZELRC ?? '').split(',').filter((path) => path !== '');
}

/** The text of an rc file; null if it cannot be read. */
export function rcFileText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
