/**
 * Words of scripts of which a part is computed, by a variable, a command, a pattern, or by what other languages have for that.
 * The languages are told apart by nothing but the signs around a word.
 */

/** Stands for what is computed. */
export const ANY = '\0';

/** What can be anything in the name of a file, or in a text that becomes one. */
const WILD = /[*?]|%[-.\d]*[dis](?![a-z])|(?<=[\w.-])%\w+%/gi;

/** Operators that append to a text: `"version-" + name`. Without spaces, a dot calls a method. */
const APPENDED = /^["']\s*(?:[+%]|\s\.\s|\.(?=\s*["'$(]|format\b))/;

/** Patterns that go on behind a word, or behind its quote: `version.[a-z]`, `"version-"*`, `version.@(a|b)`. */
const PATTERN = /^["']?(?:\[[^\]]*\]|[*?])/;

/** What follows a word without a space and belongs to it. */
interface Following {
  readonly text: string;
  /** The places in the line, from the end of the word on, that are a part of the word and are no words themselves. */
  readonly taken: readonly number[];
}

/**
 * A word with what belongs to it before and after, and `ANY` for each part that is computed.
 *
 * @param before what stands before the word in its line
 * @param after what follows it there
 */
export function withComputed(word: string, before: string, after: string): Following {
  const isVariable = /\$\{?$/.test(before);
  const isDefault = /\$\{\w+:?$/.test(before) || (before.endsWith('${') && /^\w+[-=+?]/.test(word));
  // `$ROOT/VERSION`, `${1-VERSION}`, `${FILE:-VERSION}`
  const withoutName = isVariable ? word.replace(/^\w+/, '') : word;
  const own = isDefault ? withoutName.replace(/^[-=+?]/, '') : withoutName;
  const follows = computedAfter(own, after);
  // Such a mark belongs to what follows: `version.@(a|b)`, `version.#{k}`, `version.%(k)s`.
  const literal = follows === null ? own : own.replace(/[@!+?*#%]$/, '');
  const wild = literal.replaceAll(WILD, ANY);
  // A name that begins with a variable: `$f.version`, `$(name).version`, `name + ".version"`
  const isOpen = isVariable ? !isDefault && /^[\w.-]/.test(own) : followsComputed(before);
  const text = `${isOpen && !own.startsWith('/') ? ANY : ''}${wild}${follows?.text ?? ''}`;
  return { text, taken: follows?.taken ?? [] };
}

/** Whether a word goes on with what something before it stands for: `$(name).version`, `name + ".version"`. */
function followsComputed(before: string): boolean {
  const isAfterCommand = before.endsWith('`') && before.split('`').length % 2 === 1;
  return isAfterCommand || /(?:[)}]|\$\w+["'])$|[)}]["']$|[\w)\]]\s*\+\s*["']$/.test(before);
}

/** What follows a word without a space, as far as it belongs to it; null if nothing computed does. */
function computedAfter(word: string, after: string): Following | null {
  const any: Following = { text: ANY, taken: [] };
  if (APPENDED.test(after)) return any;
  // In other languages, a name with brackets is a member of a list.
  const isPattern = PATTERN.test(after) && (/[./-]/.test(word) || !after.startsWith('['));
  if (isPattern || (/[@!+?*]$/.test(word) && after.startsWith('('))) return any;
  if (word.endsWith('%') && after.startsWith('(')) return any;
  let at = /^["'](?=[$`{])/.test(after) ? 1 : 0;
  let text = '';
  const taken: number[] = [];
  for (let length = expansionLength(after, at); length > 0; length = expansionLength(after, at)) {
    const end = at + length;
    const [ending = ''] = /^[\w./-]*/.exec(after.slice(end)) ?? [];
    text += `${ANY}${ending}`;
    // What a command is made of is read by itself.
    const isCommand = /^(`|\$\()/.test(after.slice(at));
    for (let place = isCommand ? end : at; place < end + ending.length; place += 1) taken.push(place);
    at = end + ending.length;
  }
  return text === '' ? null : { text, taken };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

/** The length of a variable, a command or a part in braces at a place of a text; 0 if there is none. */
function expansionLength(whole: string, place: number): number {
  const text = whole.slice(place);
  const [variable] = /^\$\w+/.exec(text) ?? /^`[^`]*`/.exec(text) ?? [];
  if (variable !== undefined) return variable.length;
  const [opening] = /^\$?[({]/.exec(text) ?? [];
  if (opening === undefined || opening === '(') return 0;
  const [bracket = ''] = opening.slice(-1);
  let depth = 0;
  for (let at = opening.length - 1; at < text.length; at += 1) {
    if (text[at] === bracket) depth += 1;
    if (text[at] === CLOSING[bracket]) depth -= 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}
