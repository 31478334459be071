/** Says that an input, an option or an event cannot be used: which one, its value, and what is allowed. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(name: string, value: string, allowed: string) {
    super(`input ${name}: ${JSON.stringify(value)} cannot be used; allowed: ${allowed}`);
  }
}
