import { join } from 'node:path';
import { linesWithImports, withImports, type ReadText } from '../../formats/rc-lines.js';
import { sameOptions, workspacePathIn, type RcLine } from '../../formats/rc.js';
import type { WorkspacePath } from '../../graph/label.js';
import { isRcFile } from '../../loading/inputs/file-roles.js';
import type { RcFile } from '../../loading/inputs/rc-files.js';
import { isOutside } from '../../loading/inputs/revision-entries.js';
import type { OptionsChange } from './surroundings.js';
import { differenceOfOptions, isImport, type LegCalls } from './options-in-force.js';

/** The rc files of one revision. */
export interface RcFilesOfRevision {
  /** Those that Bazel reads, whether or not they exist. */
  readonly reached: readonly RcFile[];
  /** The texts of these, and of changed files that are rc files by their names alone. */
  readonly texts: ReadonlyMap<WorkspacePath, string>;
  /** Paths at which there is something whose text the revision does not have, such as a symlink out of it. */
  readonly unreadable: ReadonlySet<WorkspacePath>;
}

/** The options that belong to no revision. */
export interface RcFilesElsewhere {
  /** The rc files that Bazel reads, in its order, relative to the workspace or absolute. */
  readonly inForce: readonly string[];
  /** The texts of rc files on the machine. */
  readonly texts: ReadonlyMap<string, string>;
  /** Absolute. */
  readonly workspaceFolder: string;
  /** Lines that the legs read after all rc files. */
  readonly rcLines: readonly RcLine[];
  readonly calls: LegCalls;
  /** Whether a program of the workspace wraps Bazel. It may turn on any configuration. */
  readonly isWrapped: boolean;
}

/** The rc files of two revisions, compared by the options that the legs run with. */
export class RcFiles {
  /** The rc files of both revisions and those that they import, whether or not they exist. */
  readonly paths: ReadonlySet<WorkspacePath>;
  private known: OptionsChange | undefined;

  constructor(
    private readonly base: RcFilesOfRevision,
    private readonly head: RcFilesOfRevision,
    private readonly elsewhere: RcFilesElsewhere,
  ) {
    this.paths = new Set(
      [...base.reached, ...head.reached].map(({ path }) => path).filter((path) => !path.startsWith('/')),
    );
  }

  /** Whether a changed file is an rc file, by its name or because Bazel reads it as one. */
  has(path: WorkspacePath): boolean {
    return this.paths.has(path) || isRcFile(path);
  }

  /**
   * What the change of an rc file changes in the options that the legs run with.
   *
   * An rc file that Bazel does not read may be read by something that a plan does not see, such as a wrapper of Bazel.
   * It counts as the last of all rc files.
   */
  changeOf(path: WorkspacePath): OptionsChange {
    const before = this.base.texts.get(path);
    const after = this.head.texts.get(path);
    if (before === undefined && after === undefined) return unreadable(path);
    if (before !== undefined && after !== undefined && sameOptions(before, after))
      return { kind: 'only layout' };
    if (this.elsewhere.isWrapped)
      return {
        kind: 'difference',
        difference: 'its lines differ, and a wrapper of Bazel may turn on any of them',
      };
    if (!this.paths.has(path)) return this.changeWith([path]);
    this.known ??= this.changeWith([]);
    return this.known;
  }

  private changeWith(more: readonly WorkspacePath[]): OptionsChange {
    const [unread] = [...this.base.unreadable, ...this.head.unreadable];
    if (unread !== undefined) return unreadable(unread);
    const difference = differenceOfOptions(
      this.linesOf(this.base, more),
      this.linesOf(this.head, more),
      this.elsewhere.calls,
    );
    return difference === null ? { kind: 'harmless' } : { kind: 'difference', difference };
  }

  private linesOf({ texts }: RcFilesOfRevision, more: readonly WorkspacePath[]): RcLine[] {
    const { inForce, rcLines } = this.elsewhere;
    const read: ReadText = (path) => texts.get(path as WorkspacePath) ?? this.textElsewhere(path);
    const lines = [
      ...inForce.flatMap((path) => linesWithImports(path, read)),
      ...withImports(rcLines, read),
      ...more.flatMap((path) => linesWithImports(path, read)),
    ];
    return lines.flatMap((line) => importLeft(line, read));
  }

  /** The text of a file that belongs to no revision, such as an rc file of the user that git ignores. */
  private textElsewhere(path: string): string | null {
    if (this.base.texts.has(path as WorkspacePath) || this.head.texts.has(path as WorkspacePath)) return null;
    const { texts, workspaceFolder } = this.elsewhere;
    return texts.get(path) ?? texts.get(join(workspaceFolder, path)) ?? null;
  }
}

function unreadable(path: WorkspacePath): OptionsChange {
  return { kind: 'difference', difference: `the options in ${path} cannot be read` };
}

/**
 * An import that was not followed. A `try-import` of a file that the workspace does not have is nothing. A file outside
 * of it may be there on the machine of a leg. An import under a condition counts with all that it would import.
 */
function importLeft(line: RcLine, read: ReadText): RcLine[] {
  if (!isImport(line.command)) return [line];
  const path = workspacePathIn(line.words.at(-1) ?? '');
  if (line.command === 'try-import') return isOutside(path) ? [line] : [];
  const imported = line.words.length > 1 ? linesWithImports(path, read) : [];
  return [
    { ...line, words: [...line.words, ...imported.flatMap(({ command, words }) => [command, ...words])] },
  ];
}
