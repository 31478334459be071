import type { WorkspacePath } from '../../graph/label.js';

/**
 * A computation that finds out on its way which texts it has to read: it yields their keys, and is given the texts
 * (decoded as UTF-8).
 */
type TextReader<Key extends string, Result> = Generator<readonly Key[], Result, ReadonlyMap<Key, string>>;

/** Needs the texts of git objects, by their ids; an id that is missing from the answer counts as an empty file. */
export type NeedsTexts<Result> = TextReader<string, Result>;

/** Needs the texts of files, symlinks followed; a path without a file is missing from the answer. */
export type NeedsFiles<Result> = TextReader<WorkspacePath, Result>;

/** Reads many objects at once. */
export type ReadTexts = (objectIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Runs a computation, and reads what it asks for. Throws what `read` throws. */
export async function supplyTexts<Key extends string, Result>(
  computation: TextReader<Key, Result>,
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, string>>,
): Promise<Result> {
  let step = computation.next();
  while (step.done !== true) step = computation.next(await read(step.value));
  return step.value;
}

/** The same where all texts can be read at once, without waiting. */
export function supplyTextsNow<Key extends string, Result>(
  computation: TextReader<Key, Result>,
  read: (keys: readonly Key[]) => ReadonlyMap<Key, string>,
): Result {
  let step = computation.next();
  while (step.done !== true) step = computation.next(read(step.value));
  return step.value;
}

/** A computation that needs files, as one that needs git objects. */
export function* byObjectId<Result>(
  computation: NeedsFiles<Result>,
  objectIdAt: (path: WorkspacePath) => string | undefined,
): NeedsTexts<Result> {
  let step = computation.next();
  while (step.done !== true) {
    const ids = new Map(
      step.value.flatMap((path) => {
        const id = objectIdAt(path);
        return id === undefined ? [] : [[path, id] as const];
      }),
    );
    const texts = ids.size > 0 ? yield [...new Set(ids.values())] : new Map<string, string>();
    step = computation.next(new Map([...ids].map(([path, id]) => [path, texts.get(id) ?? ''])));
  }
  return step.value;
}
