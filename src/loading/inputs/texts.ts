/**
 * A computation that finds out on its way which files it has to read: it yields git object ids, and is given their
 * texts (decoded as UTF-8; an id that is missing from the answer counts as an empty file).
 */
export type NeedsTexts<Result> = Generator<readonly string[], Result, ReadonlyMap<string, string>>;

/** Reads many objects at once. */
export type ReadTexts = (objectIds: readonly string[]) => Promise<ReadonlyMap<string, string>>;

/** Runs a computation, and reads what it asks for. Throws what `read` throws. */
export async function supplyTexts<Result>(computation: NeedsTexts<Result>, read: ReadTexts): Promise<Result> {
  let step = computation.next();
  while (step.done !== true) step = computation.next(await read(step.value));
  return step.value;
}
