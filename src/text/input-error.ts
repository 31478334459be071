/** An input, an option or an event is invalid. The message contains its name, its value, and what is allowed. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(
    /** The input's name as in the action. */
    readonly input: string,
    readonly value: string,
    readonly allowed: string,
  ) {
    super(`input ${input}: ${JSON.stringify(value)} cannot be used; allowed: ${allowed}`);
  }
}
