/** Small changes of a draft that edits of all kinds make. */
import type { Random } from '../__tests__/support/random-edits/random.js';
import { newNumber, type Model } from './model.js';

export interface Edit {
  /** How often it is drawn, compared with the others. */
  readonly weight: number;
  /** Changes the draft in place. False: there is nothing to change. */
  readonly apply: (draft: Model, random: Random) => boolean;
  /**
   * Set where a repository rule uses what changes and Bazel does not watch it: only a machine that fetches the repository again
   * sees the change.
   */
  readonly unwatched?: true;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item | undefined {
  return items.length === 0 ? undefined : random.pick(items);
}

export function remove(draft: Model, path: string): void {
  Reflect.deleteProperty(draft.files, path);
}

/** Adds a line to a file, if it is there and is not a symlink. */
export function append(draft: Model, path: string, comment = '#'): boolean {
  const content = draft.files[path];
  const line = `${comment} line ${newNumber(draft)}\n`;
  if (typeof content === 'string') draft.files[path] = content + line;
  else if (typeof content === 'object' && content !== null && 'script' in content)
    draft.files[path] = { script: content.script + line };
  else return false;
  return true;
}
