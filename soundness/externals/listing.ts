/** Files that extensions read: a lock of packages, or a list of files; as JSON or as lines. */

export interface Entry {
  readonly name: string;
  /** Undefined in a list of files. */
  version: string | undefined;
  needs: string[];
}

export interface Listing {
  readonly format: 'json' | 'lines';
  entries: Entry[];
  /** A number in a comment: 0 is none. */
  comment: number;
  /** How far JSON is indented, or how many empty lines stand between entries. */
  space: number;
}

/** The entries that others of a lock need, directly or through others. */
export function reached(listing: Listing, from: readonly string[]): Set<string> {
  const found = new Set(from);
  for (const name of found) {
    for (const need of listing.entries.find((each) => each.name === name)?.needs ?? []) found.add(need);
  }
  return found;
}

export function listingText({ format, entries, comment, space }: Listing): string {
  if (format === 'lines') {
    const first = comment === 0 ? '' : `# Comment ${comment}\n`;
    return first + entries.map((entry) => `${lineOf(entry)}\n${'\n'.repeat(space)}`).join('');
  }
  const isLock = entries.some(({ version }) => version !== undefined);
  const content = isLock
    ? {
        packages: Object.fromEntries(
          entries.map(({ name, version, needs }) => [name, { version, deps: needs }]),
        ),
      }
    : { files: entries.map(({ name }) => name) };
  return `${JSON.stringify({ ...(comment === 0 ? {} : { comment }), ...content }, null, space)}\n`;
}

function lineOf({ name, version, needs }: Entry): string {
  return version === undefined ? name : [`${name}==${version}`, ...needs].join(' ');
}
