import { Field } from './json-field.js';
import { ModuleOutputError } from './repository-definitions.js';

/** The modules of a workspace after their versions were resolved. */
export interface ModuleGraph {
  /** The key of the main module. */
  readonly root: string;
  /** For each module (`name@version`), the modules that it depends on, in no meaningful order. */
  readonly dependencies: ReadonlyMap<string, readonly ModuleDependency[]>;
}

export interface ModuleDependency {
  readonly key: string;
  /** What the depending module calls its repository. */
  readonly apparentName: string;
}

/**
 * Reads what `bazel mod graph --output=json` prints.
 *
 * @throws ModuleOutputError
 */
export function parseModuleGraph(text: string): ModuleGraph {
  const whole = Field.parse(
    text,
    (message, cause) => new ModuleOutputError(`bazel mod graph: ${message}`, { cause }),
  );
  const dependencies = new Map<string, readonly ModuleDependency[]>();
  const waiting = [whole];
  for (const module of waiting) {
    const { unexpanded } = module.object();
    // A module that occurs several times is printed with its dependencies only once.
    if (unexpanded === true) continue;
    const parts = ['dependencies', 'cycles'].flatMap((kind) =>
      module.object()[kind] === undefined ? [] : module.at(kind).list(),
    );
    dependencies.set(
      module.at('key').text(),
      parts.map((part) => ({ key: part.at('key').text(), apparentName: part.at('apparentName').text() })),
    );
    waiting.push(...parts);
  }
  return { root: whole.at('key').text(), dependencies };
}
