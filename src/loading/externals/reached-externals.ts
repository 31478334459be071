import type { Label } from '../../graph/label.js';
import type { CanonicalName } from '../../graph/repository.js';
import type { Target } from '../../graph/target.js';

/** Stands for the content of a file that its repository does not have, although a target names it. */
export const ABSENT = 'absent';

/** Targets of external repositories that the main one depends on, by their labels with canonical names. */
export interface ReachedExternals {
  readonly targets: ReadonlyMap<Label, ReachedTarget>;
  /** Labels that some target depends on, in packages that Bazel could not load. They have canonical names. */
  readonly missing: ReadonlySet<Label>;
  /**
   * For the repositories that were asked for and fetched, a text that differs if their build settings, platforms or
   * constraint settings do; empty if there are none, and null if their files cannot be read.
   */
  readonly settings: ReadonlyMap<CanonicalName, string | null>;
}

export interface ReachedTarget {
  /** Its label as the targets of the main repository name it. */
  readonly label: Label;
  readonly target: Target;
  /** The inputs with canonical names. */
  readonly inputs: readonly Label[];
  /**
   * A digest of the content of a source file, or `ABSENT`; null if it cannot be read, and for other targets.
   */
  readonly content: string | null;
}
