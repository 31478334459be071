import {
  aspectsIn,
  fileOfAspect,
  labelsInOptions,
  packagePathsIn,
  pathsInOptions,
} from '../../formats/rc.js';
import type { Label, WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { ROOT_RC_FILE } from '../../loading/inputs/file-roles.js';
import { repositoriesInOptions } from '../../loading/inputs/named-files.js';

/** Options as an rc file has them. */
export interface OptionText {
  readonly text: string;
  /** The rc file of a revision; of options from elsewhere, the workspace's own one stands for it. */
  readonly rcFile: WorkspacePath;
}

/** Options that do not belong to a revision count as if the workspace's own rc file had them. */
export function optionsFromElsewhere(text: string): OptionText {
  return { text, rcFile: ROOT_RC_FILE };
}

/** The options of Bazel that are in force in one of two revisions or the other. */
export class Options {
  /** @param rcFiles those of both revisions, and those that they import, there or not */
  constructor(
    readonly rcFiles: ReadonlySet<WorkspacePath>,
    private readonly texts: readonly OptionText[],
  ) {}

  /** The paths that options name; folders end with a `/`. */
  get paths(): Set<WorkspacePath> {
    return new Set(this.texts.flatMap(({ text }) => pathsInOptions(text) as WorkspacePath[]));
  }

  /** The values of `--package_path` under which packages may lie at other paths than their labels say. */
  get packagePaths(): string[] {
    return this.texts.flatMap(({ text }) => packagePathsIn(text));
  }

  get turnOnAspects(): boolean {
    return this.texts.some(({ text }) => aspectsIn(text).length > 0);
  }

  /** The files of the main repository that have the code of aspects. */
  aspectFiles(main: MainRepository): WorkspacePath[] {
    const aspects = this.texts.flatMap(({ text }) => aspectsIn(text));
    return aspects.flatMap((aspect) => fileOfAspect(aspect, main) ?? []);
  }

  labels(main: MainRepository): Set<Label> {
    return new Set(this.texts.flatMap(({ text }) => labelsInOptions(text, main)));
  }

  /** The folders that options may make repositories of, symlinks not followed. */
  repositories(main: MainRepository): Set<WorkspacePath> {
    return new Set(this.texts.flatMap(({ text, rcFile }) => [...repositoriesInOptions(text, rcFile, main)]));
  }
}
