import { isCommitId, type CommitId } from '../graph/tree.js';
import { clip } from '../text/plain-text.js';
import { LabelError, parseLabel, type Label } from '../graph/label.js';

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Creates the error that the reader of a file format throws. */
export type Complaint = (message: string, cause?: unknown) => Error;

/**
 * A value in a JSON file, together with its path in the file. It checks untrusted files, and its error messages contain
 * the path.
 */
export class Field {
  private constructor(
    private readonly path: string,
    readonly value: unknown,
    private readonly complain: Complaint,
    private readonly whole: string,
  ) {}

  /** A value that was already parsed. @param whole the name of the value itself in an error message */
  static of(value: unknown, whole: string, complain: Complaint): Field {
    return new Field('', value, complain, whole);
  }

  /** The whole content of a file. @throws what `complain` creates, if it is not JSON */
  static parse(content: string, complain: Complaint): Field {
    try {
      return Field.of(JSON.parse(content) as unknown, 'the file', complain);
    } catch (error) {
      throw complain(
        content.trim() === '' ? 'it is empty' : 'it is not JSON, so it was cut off or is something else',
        error,
      );
    }
  }

  at(key: string): Field {
    const object = this.object();
    const value = Object.hasOwn(object, key) ? object[key] : undefined;
    return new Field(this.path === '' ? key : `${this.path}.${key}`, value, this.complain, this.whole);
  }

  object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.unlike('an object');
    return value as Readonly<Record<string, unknown>>;
  }

  list(): Field[] {
    if (!Array.isArray(this.value)) throw this.unlike('a list');
    return this.value.map(
      (value: unknown, at) => new Field(`${this.path}[${at}]`, value, this.complain, this.whole),
    );
  }

  /** @param most the number of characters that are kept */
  text(most = Infinity): string {
    if (typeof this.value !== 'string') throw this.unlike('a text');
    return clip(this.value, most);
  }

  /** A whole number that is not less than `least`. */
  count(least: number): number {
    if (typeof this.value !== 'number' || !Number.isSafeInteger(this.value) || this.value < least) {
      throw this.unlike(`a whole number of at least ${least}`);
    }
    return this.value;
  }

  number(): number {
    if (typeof this.value !== 'number') throw this.unlike('a number');
    return this.value;
  }

  time(): string {
    const text = this.text();
    // Date.parse alone takes nearly any text with a number for a time.
    if (!ISO_TIME.test(text) || Number.isNaN(Date.parse(text))) throw this.unlike('a time');
    return text;
  }

  label(): Label {
    try {
      return parseLabel(this.text());
    } catch (error) {
      if (error instanceof LabelError) throw this.unlike('a label');
      throw error;
    }
  }

  commitId(): CommitId {
    const text = this.text();
    if (!isCommitId(text)) throw this.unlike('a commit id');
    return text;
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const choice = choices.find((one) => one === this.value);
    if (choice === undefined) throw this.unlike(`one of ${choices.join(', ')}`);
    return choice;
  }

  orNull<T>(read: (field: Field) => T): T | null {
    return this.value === null ? null : read(this);
  }

  /** The beginning of the value as JSON, for an error message. */
  shown(): string {
    try {
      return ((JSON.stringify(this.value) as string | undefined) ?? 'nothing').slice(0, 80);
    } catch {
      // The value is nested too deeply for the stack.
      return 'something that is too deep to show';
    }
  }

  unlike(expected: string): Error {
    return this.complain(`${this.path || this.whole} should be ${expected}, and is ${this.shown()}`);
  }
}
