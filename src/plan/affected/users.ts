import { packagesUsing, type Graph } from '../../graph/graph.js';
import { isMainRepository, packageOf, type Label, type PackagePath } from '../../graph/label.js';
import { inputsOf } from '../../graph/target.js';
import { addToGroup } from '../../text/grouped.js';

/**
 * The targets that have a label among their inputs. It reads only the packages that can name the label, which are
 * usually few.
 */
export class Users {
  private readonly usersOf = new Map<Label, Label[]>();
  private readonly packagesUsing: ReadonlyMap<PackagePath, readonly PackagePath[]>;
  private readonly readPackages = new Set<PackagePath>();
  /** The packages for which the users of all targets have been read. */
  private readonly complete = new Set<PackagePath>();

  constructor(private readonly graph: Graph) {
    this.packagesUsing = packagesUsing(graph);
  }

  /**
   * @returns the users in no order; a target that names the label twice occurs twice. Those of labels in other
   *   repositories are not looked up.
   */
  of(label: Label): readonly Label[] {
    if (!isMainRepository(label)) return [];
    const path = packageOf(label);
    if (!this.complete.has(path)) {
      this.complete.add(path);
      for (const user of [path, ...(this.packagesUsing.get(path) ?? [])]) this.read(user);
    }
    return this.usersOf.get(label) ?? [];
  }

  private read(path: PackagePath): void {
    if (this.readPackages.has(path)) return;
    this.readPackages.add(path);
    for (const target of this.graph.package(path)?.targets() ?? []) {
      for (const input of inputsOf(target)) addToGroup(this.usersOf, input, target.label);
    }
  }
}
