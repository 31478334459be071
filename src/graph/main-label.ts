import { parseLabel, type Label } from './label.js';

/**
 * The label that a text with `//` or `@` at its start names in the main repository; null if it names another
 * repository's target, or is no such text. `@main` is `//:main`.
 *
 * @param mainNames the main repository's own names (see `mainRepositoryNames`)
 */
export function mainLabel(text: string, mainNames: ReadonlySet<string>): Label | null {
  const [, repository, inRepository] = /^@@?([^/]*)(\/\/.*)?$/s.exec(text) ?? [];
  if (repository !== undefined)
    return mainNames.has(repository) ? parseLabel(inRepository ?? `//:${repository}`) : null;
  return text.startsWith('//') ? parseLabel(text) : null;
}
