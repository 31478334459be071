/**
 * To be imported before everything else: @actions/github reads the payload of the event while it is loaded, and an unreadable one
 * would end the process with its stack. Without the path it reads nothing, and whoever needs the payload says what is wrong.
 */
import { readFileSync } from 'node:fs';

const path = process.env.GITHUB_EVENT_PATH ?? '';
if (path !== '') {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    process.env.GITHUB_EVENT_PATH = '';
  }
}
