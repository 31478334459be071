/** What a comparison by the rules of a language passes over, as the runner's may: characters that nobody sees. */
const UNSEEN = String.raw`[[\p{Default_Ignorable_Code_Point}\p{Cc}]--[\n\r]]*`;

/** `##[name]` is a command of GitHub's runner anywhere in a line, */
const ANYWHERE = new RegExp(`#${UNSEEN}#${UNSEEN}\\[`, 'gv');

/** and `::name::` is one where nothing but white space is before it; a line ends at each `\n` and `\r`. */
const AT_LINE_START = new RegExp(
  `(?<=(?:^|[\\n\\r])[\\s\\p{Default_Ignorable_Code_Point}\\p{Cc}]*):${UNSEEN}:`,
  'gv',
);

/** A text that the runner takes for no command of either kind, to be read as before. */
export function withoutCommands(text: string): string {
  return withoutOldCommands(text).replace(AT_LINE_START, ': :');
}

/** A text without commands of the kind that may stand anywhere: what a command of our own carries may hold the other. */
export function withoutOldCommands(text: string): string {
  return text.replace(ANYWHERE, '# #[');
}
