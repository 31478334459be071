import type { CanonicalName } from '../graph/repository.js';
import { localPathIn, ruleFileIn, type RepositoryDefinition } from './repository-definitions.js';
import { QueryOutputError } from './query-proto.js';

/** How a WORKSPACE file defines a repository. */
export interface WorkspaceDefinition extends RepositoryDefinition {
  /** Whether it is one of those that Bazel itself adds to every WORKSPACE file. */
  readonly isOfBazel: boolean;
}

/** What a WORKSPACE file defines. */
export interface WorkspaceDefinitions {
  readonly repositories: readonly WorkspaceDefinition[];
  /** The calls of `bind` that Bazel does not add itself. */
  readonly binds: readonly string[];
}

/**
 * Reads what `bazel query //external:all-targets --output=build` prints.
 *
 * @throws QueryOutputError
 */
export function parseWorkspaceDefinitions(text: string): WorkspaceDefinitions {
  // Line ends in attributes are escaped, so a line that begins like this is the place of the next definition.
  const sections = text.split(/^(?=# [^\n]*:\d+:\d+\n[A-Za-z_]\w*\($)/m).filter((each) => each.trim() !== '');
  const definitions = sections.map(parseDefinition);
  const isBind = ({ call }: WorkspaceDefinition): boolean => call.startsWith('bind(\n');
  return {
    repositories: definitions.filter((each) => !isBind(each)),
    binds: definitions
      .filter((each) => isBind(each) && !each.isOfBazel)
      .map(({ call }) => call)
      .sort(),
  };
}

function parseDefinition(section: string): WorkspaceDefinition {
  const [call = '', rule] = /^([A-Za-z_]\w*)\(\n(?: {2}.*\n)*\)$/m.exec(section) ?? [];
  const name = /^ {2}name = "([^"\\]+)",$/m.exec(call)?.[1];
  const [, first] = /^# Rule \S+ instantiated at.*\n# {3}(.*)$/m.exec(section) ?? [];
  if (rule === undefined || name === undefined || first === undefined)
    throw new QueryOutputError(
      `Bazel printed an unknown form of a rule of //external: ${section.slice(0, 200)}`,
    );
  const ruleFile = ruleFileIn(section);
  return {
    name: name as CanonicalName,
    call: `${ruleFile === null ? withLabels(call) : call}\n`,
    ruleFile,
    localPath: localPathIn(call),
    isOfBazel: first.startsWith(PLACE_OF_BAZEL),
  };
}

/** Bazel's name for what it puts before and after the text of a WORKSPACE file. */
const PLACE_OF_BAZEL = '/DEFAULT.WORKSPACE';

/** To rules that are a part of Bazel, `x.BUILD` is a file of the main repository. */
function withLabels(call: string): string {
  return call.replace(/^( {2}(?:build|workspace)_file = ")(?!@|\/\/)(?=[^"])/gm, '$1//:');
}
