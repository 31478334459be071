import { fits, knownPartsOf, type KnownParts } from './open-texts.js';

/** What stands between the words of lists, JSON, YAML and the like. */
const BETWEEN_WORDS = /[\s"'`,;|()[\]{}<>=&!?\\]+/;
const LONGEST_WORD = 4096;
/** Of all file systems. */
const LONGEST_NAME = 255;
const TELLING = /[\p{L}\p{N}]/u;

/** The words of a text that may name files, and their parts: a `:` ends a key, and `@` or `#` begins a version. */
export function wordsOfText(text: string): ReadonlySet<string> {
  const words = text.split(BETWEEN_WORDS).filter((word) => word !== '' && word.length <= LONGEST_WORD);
  return new Set(words.flatMap((word) => [word, ...word.split(/[:@#+~]/)]).filter((word) => word !== ''));
}

/** Names of files that texts contain, and those that code puts together. */
export class KnownNames {
  private readonly whole = new Set<string>();
  private readonly open = new Map<string, KnownParts>();
  private readonly answers = new Map<string, boolean>();

  /** @param texts of which parts may be `UNKNOWN`; the names are what stands between the `/` in their words */
  constructor(texts: Iterable<string> = []) {
    this.learn(texts);
  }

  /** Adds the names in more texts. */
  learn(texts: Iterable<string>): void {
    this.answers.clear();
    for (const text of texts)
      for (const word of [text, ...wordsOfText(text)]) for (const name of word.split('/')) this.add(name);
  }

  private add(name: string): void {
    const parts = knownPartsOf(name);
    // Of what has no known part, nothing is known. It is a text of its own elsewhere.
    if (parts !== null && /[^\0]/.test(name)) this.open.set(name, parts);
    if (parts !== null || !TELLING.test(name) || name.length > LONGEST_NAME) return;
    // A sign before a name is one of a list: `-a.txt`, `!a.txt`.
    this.whole.add(name).add(name.replace(/^[-+*!^]+/, ''));
  }

  with(other: KnownNames): KnownNames {
    const both = new KnownNames();
    for (const { whole, open } of [this, other]) {
      for (const name of whole) both.whole.add(name);
      for (const [name, parts] of open) both.open.set(name, parts);
    }
    return both;
  }

  has(name: string): boolean {
    if (this.whole.has(name)) return true;
    if (this.open.size === 0) return false;
    let answer = this.answers.get(name);
    if (answer === undefined) {
      answer = [...this.open.values()].some((parts) => fits(name, parts));
      this.answers.set(name, answer);
    }
    return answer;
  }
}
