import {
  aspectsIn,
  fileOfAspect,
  labelsElsewhereIn,
  labelsInOptions,
  packagePathsIn,
  platformMappingsIn,
  pathsInOptions,
  statusCommandsIn,
  type LabelsElsewhere,
} from '../../formats/rc.js';
import type { Label, WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { PLATFORM_MAPPINGS, ROOT_RC_FILE } from '../../graph/bazel-files.js';
import { repositoriesInOptions } from '../../loading/inputs/named-files.js';

/** Options in the syntax of an rc file. */
export interface OptionText {
  readonly text: string;
  /** The rc file that contains the options. For options from elsewhere, this is the root rc file of the workspace. */
  readonly rcFile: WorkspacePath;
}

/** Options that do not belong to a revision are treated as if they were in the root rc file of the workspace. */
export function optionsFromElsewhere(text: string): OptionText {
  return { text, rcFile: ROOT_RC_FILE };
}

/** The options of Bazel that may apply in at least one of two revisions. */
export class Options {
  constructor(private readonly texts: readonly OptionText[]) {}

  /** These options and others. */
  and(others: Options): Options {
    return new Options([...this.texts, ...others.texts]);
  }

  /** The paths that options name. The path of a folder ends with a `/`. */
  get paths(): Set<WorkspacePath> {
    return new Set(this.texts.flatMap(({ text }) => pathsInOptions(text) as WorkspacePath[]));
  }

  /** Whether one of them names what Bazel loads from other repositories without load statements. */
  get namesAutoloads(): boolean {
    return this.texts.some(({ text }) => text.includes('autoload'));
  }

  /** The values of `--package_path`. With one of these, packages may lie at other paths than their labels say. */
  get packagePaths(): string[] {
    return this.texts.flatMap(({ text }) => packagePathsIn(text));
  }

  /** The programs that print the workspace status. */
  get statusCommands(): WorkspacePath[] {
    return this.texts.flatMap(({ text }) => statusCommandsIn(text) as WorkspacePath[]);
  }

  /** The files that set further options for some platforms, and the one that Bazel reads without an option. */
  get platformMappings(): Set<WorkspacePath> {
    const named = this.texts.flatMap(({ text }) => platformMappingsIn(text));
    return new Set([PLATFORM_MAPPINGS, ...(named as WorkspacePath[])]);
  }

  /** The files of the main repository that contain the code of aspects. */
  aspectFiles(main: MainRepository): WorkspacePath[] {
    const aspects = this.texts.flatMap(({ text }) => aspectsIn(text));
    return aspects.flatMap((aspect) => fileOfAspect(aspect, main) ?? []);
  }

  /** The files of other repositories that contain the code of aspects. */
  aspectFilesElsewhere(main: MainRepository): Label[] {
    const files = this.texts
      .flatMap(({ text }) => aspectsIn(text))
      .map((aspect) => aspect.replace(/%.*$/s, ''));
    return files.filter((file) => file.startsWith('@') && main.label(file) === null) as Label[];
  }

  labels(main: MainRepository): Set<Label> {
    return new Set(this.texts.flatMap(({ text }) => labelsInOptions(text, main)));
  }

  /** The labels of other repositories that options name. */
  labelsElsewhere(main: MainRepository): LabelsElsewhere {
    const found = this.texts.map(({ text }) => labelsElsewhereIn(text, main));
    return {
      targets: found.flatMap(({ targets }) => targets),
      registered: found.flatMap(({ registered }) => registered),
    };
  }

  /** The folders from which options may create repositories. Symlinks are not followed. */
  repositories(main: MainRepository): Set<WorkspacePath> {
    return new Set(this.texts.flatMap(({ text, rcFile }) => [...repositoriesInOptions(text, rcFile, main)]));
  }
}
