import { posix } from 'node:path';

/** The paths that a script may read. They are candidates: most of them do not exist. */
export interface ScriptPaths {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** Commands and options whose argument is a folder even if it has no slash. */
const FOLDER_COMMAND =
  /(?:\b(?:cd|pushd|ls|find|tree|du|listdir|scandir|glob|walk|join|Path)\b|(?:^|\s)-C\b|\/\s*(?=["']))[\s("']*$/;

const WORD = /[^\s"'`$(){}<>|;&=,:[\]\\]+/g;

/**
 * The paths that the words of a script may name, relative to the root and to the script's own folder. What a variable or
 * a command stands for at the start of a word is unknown: `$ROOT/VERSION` and `$(dirname "$0")/VERSION` may be either.
 *
 * @param path of the script, relative to the root
 */
export function pathsInScript(path: string, text: string): ScriptPaths {
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const line of text.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    for (const match of line.matchAll(WORD)) {
      const [word] = match;
      const pattern = word.search(/[^/]*[*?]/);
      const isFolder = pattern > 0 || word.includes('/') || FOLDER_COMMAND.test(line.slice(0, match.index));
      for (const each of meanings(pattern < 0 ? word : word.slice(0, pattern), path)) {
        if (pattern < 0) files.add(each);
        if (isFolder) folders.add(each);
      }
    }
  }
  return { files: [...files], folders: [...folders] };
}

function meanings(word: string, script: string): string[] {
  const whole = word.replace(/^\/+/, '');
  // The first part may be the name of a variable, or `%workspace%`.
  const afterFirst = whole.includes('/') ? [whole.slice(whole.indexOf('/') + 1)] : [];
  return [whole, ...afterFirst]
    .flatMap((part) => [part, posix.join(posix.dirname(script), part)])
    .map((part) => posix.normalize(part).replace(/\/$/, ''))
    .filter((part) => part !== '.' && part !== '..' && part !== '');
}

/** Whether the text of a file that a script names may name further files. */
export function mayBeScript(path: string): boolean {
  return !/\.(?:cfg|csv|ini|json|lock|md|properties|rst|toml|txt|xml|ya?ml)$/.test(path);
}
