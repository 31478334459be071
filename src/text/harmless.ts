/** Invisible characters. The runner may compare texts by the rules of a language, which ignore them. */
const UNSEEN = String.raw`[[\p{Default_Ignorable_Code_Point}\p{Cc}]--[\n\r]]*`;

/** `##[name]` is a command to GitHub's runner anywhere in a line. */
const ANYWHERE = new RegExp(`#${UNSEEN}#${UNSEEN}\\[`, 'gv');

/** `::name::` is a command if only white space precedes it in its line. A line ends at each `\n` and `\r`. */
const AT_LINE_START = new RegExp(
  `(?<=(?:^|[\\n\\r])[\\s\\p{Default_Ignorable_Code_Point}\\p{Cc}]*):${UNSEEN}:`,
  'gv',
);

/** A text in which the runner finds no command of either kind. It stays readable. */
export function withoutCommands(text: string): string {
  return withoutOldCommands(text).replace(AT_LINE_START, ': :');
}

/**
 * A text without commands of the kind that may be anywhere in a line. The text of a command that we print ourselves may
 * contain the other kind.
 */
export function withoutOldCommands(text: string): string {
  return text.replace(ANYWHERE, '# #[');
}
