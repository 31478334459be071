/** Stands for an unknown part of a text that code composes. */
export const UNKNOWN = '\0';

/** The known parts of a text: its start, its end, and what stands between two unknown parts. */
interface KnownParts {
  readonly start: string;
  readonly end: string;
  readonly middle: readonly string[];
}

/** Texts, of which parts may be `UNKNOWN`: labels that code names, names of files for which it looks. */
export class OpenTexts {
  private readonly whole = new Set<string>();
  private readonly open = new Map<string, KnownParts>();
  private readonly answers = new Map<string, boolean>();

  static of(texts: Iterable<string>): OpenTexts {
    const made = new OpenTexts();
    for (const text of texts) made.add(text);
    return made;
  }

  add(text: string): void {
    const parts = knownPartsOf(text);
    if (parts === null) this.whole.add(text);
    else if (!this.open.has(text)) {
      this.open.set(text, parts);
      this.answers.clear();
    }
  }

  /** Whether one of the texts is this one, or may be, with anything in the place of its unknown parts. */
  has(text: string): boolean {
    if (this.whole.has(text)) return true;
    if (this.open.size === 0) return false;
    let answer = this.answers.get(text);
    if (answer === undefined) {
      answer = [...this.open.values()].some((parts) => fits(text, parts));
      this.answers.set(text, answer);
    }
    return answer;
  }

  /** Whether parts of some of the texts are unknown. */
  get areOpen(): boolean {
    return this.open.size > 0;
  }

  with(other: OpenTexts): OpenTexts {
    return OpenTexts.of([this, other].flatMap(({ whole, open }) => [...whole, ...open.keys()]));
  }
}

/** @returns null if all of the text is known */
function knownPartsOf(text: string): KnownParts | null {
  const [start, ...others] = text.split(UNKNOWN);
  const end = others.pop();
  return start === undefined || end === undefined ? null : { start, end, middle: others };
}

function fits(text: string, { start, end, middle }: KnownParts): boolean {
  if (text.length < start.length + end.length || !text.startsWith(start) || !text.endsWith(end)) return false;
  const between = text.slice(start.length, text.length - end.length);
  let at = 0;
  for (const part of middle) {
    const found = between.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
