import type { CanonicalName, RepositoryMapping } from '../graph/repository.js';
import { ModuleOutputError } from './repository-definitions.js';
import { Field } from './json-field.js';

/**
 * Reads what `bazel mod dump_repo_mapping` prints: one line of JSON for each repository that it was asked about, in the
 * same order.
 *
 * @throws ModuleOutputError
 */
export function parseRepositoryMappings(text: string): RepositoryMapping[] {
  const lines = text.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => {
    const field = Field.parse(
      line,
      (message, cause) => new ModuleOutputError(`bazel mod dump_repo_mapping: ${message}`, { cause }),
    );
    const names = Object.keys(field.object());
    return new Map(names.map((name) => [name, field.at(name).text() as CanonicalName]));
  });
}
