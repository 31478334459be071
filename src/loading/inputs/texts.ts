import type { WorkspacePath } from '../../graph/label.js';

/**
 * A computation that finds out step by step which texts it needs: it yields their keys and receives the texts (decoded
 * as UTF-8).
 */
type TextReader<Key extends string, Result> = Generator<readonly Key[], Result, ReadonlyMap<Key, string>>;

/**
 * A computation that needs the texts of git objects, by their ids. An id that is missing from the answer counts as an
 * empty file.
 */
export type NeedsTexts<Result> = TextReader<string, Result>;

/**
 * A computation that needs the texts of files, by their paths; symlinks are followed. A path without a file is missing
 * from the answer.
 */
export type NeedsFiles<Result> = TextReader<WorkspacePath, Result>;

/** Reads many git objects at once. */
export type ReadTexts = (objectIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Runs a computation and reads the texts that it asks for. Throws what `read` throws. */
export async function supplyTexts<Key extends string, Result>(
  computation: TextReader<Key, Result>,
  read: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, string>>,
): Promise<Result> {
  let step = computation.next();
  while (step.done !== true) step = computation.next(await read(step.value));
  return step.value;
}

/** Does the same as `supplyTexts` if texts can be read without waiting. */
export function supplyTextsNow<Key extends string, Result>(
  computation: TextReader<Key, Result>,
  read: (keys: readonly Key[]) => ReadonlyMap<Key, string>,
): Result {
  let step = computation.next();
  while (step.done !== true) step = computation.next(read(step.value));
  return step.value;
}

/** Turns a computation that needs files into one that needs git objects. */
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
