import { parseLabel, type Label } from './label.js';

/** The main repository, with the names that labels can use for it. */
export class MainRepository {
  private constructor(private readonly known: ReadonlySet<string>) {}

  /** @param names its own names; the empty name (`@//`) and `__main__` always mean the main repository */
  static named(...names: readonly string[]): MainRepository {
    return new MainRepository(new Set(['', '__main__', ...names]));
  }

  /** Sorted. */
  get names(): string[] {
    return [...this.known].sort();
  }

  isCalled(name: string): boolean {
    return this.known.has(name);
  }

  /** The same repository with additional names. */
  alsoCalled(...names: readonly string[]): MainRepository {
    return names.length === 0 ? this : MainRepository.named(...this.known, ...names);
  }

  hasNamesOf(other: MainRepository): boolean {
    return this.known.size === other.known.size && other.names.every((name) => this.known.has(name));
  }

  /**
   * The label in the main repository that a text beginning with `//` or `@` means. Null if it means a target of another
   * repository, or begins differently. `@main` is `//:main`.
   */
  label(text: string): Label | null {
    const [, repository, inRepository] = /^@@?([^/]*)(\/\/.*)?$/s.exec(text) ?? [];
    if (repository !== undefined)
      return this.isCalled(repository) ? parseLabel(inRepository ?? `//:${repository}`) : null;
    return text.startsWith('//') ? parseLabel(text) : null;
  }
}
