/** Says that an input, an option or an event cannot be used: which one, its value, and what is allowed. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(
    /** The input, in the action's spelling. */
    readonly input: string,
    readonly value: string,
    readonly allowed: string,
  ) {
    super(`input ${input}: ${JSON.stringify(value)} cannot be used; allowed: ${allowed}`);
  }
}
