/** What is wrong with a value that has the right form: the end of a sentence that begins with the input and its value. */
export interface InputProblem {
  readonly problem: string;
}

/** An input, an option or an event is invalid. The message contains its name, its value, and what to do. */
export class InputError extends Error {
  override name = 'InputError';

  constructor(
    /** The input's name as in the action. */
    readonly input: string,
    /** Empty if the input was not given. */
    readonly value: string,
    /** What is allowed, or what is wrong with a value that is allowed. */
    private readonly why: string | InputProblem,
  ) {
    super(sentence(`input ${input}:`, value, why));
  }

  /** The message for a reader who knows the input by another name, such as `--base`. */
  sentenceFor(name: string): string {
    return sentence(name, this.value, this.why);
  }
}

function sentence(name: string, value: string, why: string | InputProblem): string {
  const problem = typeof why === 'string' ? `cannot be used; allowed: ${why}` : why.problem;
  const isMissing = typeof why !== 'string' && value === '';
  return [name, ...(isMissing ? [] : [JSON.stringify(value)]), problem].join(' ');
}
