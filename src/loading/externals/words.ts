import { UNKNOWN } from './open-texts.js';

/** What stands between the words of lists, JSON, YAML and the like. */
const BETWEEN_WORDS = /[\s"'`,;|()[\]{}<>=&!?\\]+/;
const LONGEST_WORD = 4096;
/** Of all file systems. */
const LONGEST_NAME = 255;

/** The words of a text that may name files, and their parts: a `:` ends a key, and `@` or `#` begins a version. */
export function wordsOfText(text: string): ReadonlySet<string> {
  const words = text.split(BETWEEN_WORDS).filter((word) => word !== '' && word.length <= LONGEST_WORD);
  return new Set(words.flatMap((word) => [word, ...word.split(/[:@#+~]/)]).filter((word) => word !== ''));
}

/**
 * The names of files that a text contains: what stands between the `/` in it and in its words. Parts of a name may be
 * `UNKNOWN`. Of one that has no known part, nothing is known: it is a text of its own elsewhere.
 */
export function namesInText(text: string): string[] {
  const names = [text, ...wordsOfText(text)].flatMap((word) => word.split('/'));
  // A sign before a name is one of a list: `-a.txt`, `!a.txt`.
  return names
    .flatMap((name) => [name, name.replace(/^[-+*!^]+/, '')])
    .filter((name) => name.length <= LONGEST_NAME && isTelling(name));
}

function isTelling(name: string): boolean {
  return name.includes(UNKNOWN) ? /[^\0]/.test(name) : /[\p{L}\p{N}]/u.test(name);
}
