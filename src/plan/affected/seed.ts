import type { RepositoryPath } from '../../graph/tree.js';
import type { Label } from '../../graph/label.js';

/** What happened to a target itself. */
export type SeedKind =
  | 'content'
  | 'executable bit'
  | 'file type'
  | 'file added'
  | 'file deleted'
  | 'definition'
  | 'new target'
  | 'deleted target'
  | 'package'
  | 'package group';

/** A target that itself changed, with the reason. */
export interface Seed {
  readonly label: Label;
  readonly kind: SeedKind;
  /** The changed path that made the target a seed; null if it is unknown. */
  readonly change: RepositoryPath | null;
}

/** The escalation: all targets are affected. */
export interface Everything {
  readonly reason: string;
  /** The changed path that caused the escalation; null if there is none. */
  readonly change: RepositoryPath | null;
}
