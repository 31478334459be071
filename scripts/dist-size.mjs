/** How large dist/ may be: every job of every user downloads it. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** 5 MB. */
export const MOST_BYTES = 5_000_000;

/**
 * Says that the files of a folder are too large.
 * @param {string} folder
 * @param {number} [mostBytes]
 * @returns {string | null} a sentence; null if they are not
 */
export function sizeProblem(folder, mostBytes = MOST_BYTES) {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(path.join(parentPath, name)).size, 0);
  return bytes <= mostBytes ? null : `it has ${bytes} bytes, and at most ${mostBytes} are allowed`;
}
