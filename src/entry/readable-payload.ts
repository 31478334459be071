/**
 * This must be imported before everything else. @actions/github reads the event's payload when it is loaded, and an
 * unreadable one would end the process with a stack trace. Without the path, it reads nothing, and the code that needs
 * the payload reports the error.
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
