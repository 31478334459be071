import { parseLabel, type Label } from './label.js';

/** The main repository, by the names under which labels can name it. */
export class MainRepository {
  private constructor(private readonly known: ReadonlySet<string>) {}

  /** @param names its own ones; no name at all (`@//`) and `__main__` name every main repository */
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

  /** The same repository with further names. */
  alsoCalled(...names: readonly string[]): MainRepository {
    return names.length === 0 ? this : MainRepository.named(...this.known, ...names);
  }

  hasNamesOf(other: MainRepository): boolean {
    return this.known.size === other.known.size && other.names.every((name) => this.known.has(name));
  }

  /**
   * The label that a text with `//` or `@` at its start names in the main repository; null if it names another
   * repository's target, or does not start so. `@main` is `//:main`.
   */
  label(text: string): Label | null {
    const [, repository, inRepository] = /^@@?([^/]*)(\/\/.*)?$/s.exec(text) ?? [];
    if (repository !== undefined)
      return this.isCalled(repository) ? parseLabel(inRepository ?? `//:${repository}`) : null;
    return text.startsWith('//') ? parseLabel(text) : null;
  }
}
