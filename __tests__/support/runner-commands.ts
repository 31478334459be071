/** Characters that the runner may pass over when it compares texts: those that are invisible. */
const UNSEEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}]/gu;

/** Whether the runner would look for a command in a line of output: `::…` at its start, or `##[…` anywhere. */
export function isCommand(line: string): boolean {
  const seen = line.replace(UNSEEN, '');
  return seen.includes('##[') || /^\s*::/.test(seen);
}

/** The lines of an output in which the runner would find a command, other than where commands are stopped. */
export function commandsIn(output: string): string[] {
  const commands: string[] = [];
  let token: string | null = null;
  for (const line of output.split(/\r\n|\r|\n/)) {
    if (token !== null) {
      if (line === `::${token}::`) token = null;
      continue;
    }
    const [, stop] = /^::stop-commands::(.+)$/.exec(line) ?? [];
    if (stop !== undefined) token = stop;
    else if (isCommand(line)) commands.push(line);
  }
  return commands;
}
