import type { CanonicalName } from '../graph/repository.js';

/** How Bazel makes an external repository, as `bazel mod show_repo` prints it. */
export interface RepositoryDefinition {
  readonly name: CanonicalName;
  /** The call of the rule with all attributes, in Starlark. Labels have canonical names. */
  readonly call: string;
  /**
   * The file that defines the rule: a label with a canonical name or, of Bazel 7, an absolute path. Null for a rule that
   * is part of Bazel.
   */
  readonly ruleFile: string | null;
  /** The folder that the repository shows, as its rule got it; null if it is not a local repository. */
  readonly localPath: string | null;
}

/** Bazel's output does not have the format that is known of `bazel mod`. */
export class ModuleOutputError extends Error {
  override name = 'ModuleOutputError';
}

/**
 * Reads what `bazel mod show_repo @@NAME …` prints for any number of repositories.
 *
 * @throws ModuleOutputError
 */
export function parseRepositoryDefinitions(text: string): RepositoryDefinition[] {
  // Line ends in attributes are escaped, so a line that begins like this is a header.
  const [, ...parts] = text.split(/^## @@(.*):\n/m);
  return parts.flatMap((name, index) =>
    index % 2 === 0 ? [parseDefinition(name as CanonicalName, parts[index + 1] ?? '')] : [],
  );
}

/** The rules that Bazel 7 has built in. */
const BUILT_IN = /^(local_repository|new_local_repository|local_config_platform)\(/m;

function parseDefinition(name: CanonicalName, section: string): RepositoryDefinition {
  const [, place] = /^Builtin or overridden repo located at: (.*)$/m.exec(section) ?? [];
  if (place !== undefined) return { name, call: section, ruleFile: null, localPath: place };
  const call = section
    .split('\n')
    .filter((line) => !/^(#|load\(|$)/.test(line))
    .join('\n');
  const ruleFile = ruleFileIn(section);
  if (!call.includes(`\n  name = `) || (ruleFile === null && !BUILT_IN.test(call)))
    throw new ModuleOutputError(
      `bazel mod show_repo printed an unknown form of @@${name}: ${section.slice(0, 200)}`,
    );
  return { name, call, ruleFile, localPath: localPathIn(call) };
}

/**
 * The file that defines the rule of a printed definition: Bazel 7 prints its place in a comment, and later versions a load
 * statement.
 */
export function ruleFileIn(section: string): string | null {
  const [, label] = /^load\("([^"]+)", "[^"]+"\)$/m.exec(section) ?? [];
  if (label !== undefined) return label;
  const [, path] = /^# Rule \S+ defined at.*\n# {3}(\/.*):\d+:\d+ in /m.exec(section) ?? [];
  return path ?? null;
}

/** The folder that a call of `local_repository` or `new_local_repository` shows; null for other calls. */
export function localPathIn(call: string): string | null {
  if (!/^(new_)?local_repository\(/m.test(call)) return null;
  const written = /^ {2}path = "((?:[^"\\]|\\.)*)",$/m.exec(call)?.[1];
  return written?.replace(/\\(.)/g, (_, character: string) => ESCAPED.get(character) ?? character) ?? null;
}

/** What Starlark writes with a backslash before a letter. Other characters stand for themselves after one. */
const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
