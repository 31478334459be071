export type ChangeStatus = 'added' | 'modified' | 'deleted' | 'type changed';

/** One path that differs between base and head. A rename is a delete and an add. */
export interface Change<Path extends string = string> {
  readonly path: Path;
  readonly status: ChangeStatus;
  /** Git's mode before, or `000000`. */
  readonly modeBefore: string;
  /** Git's mode after, or `000000`. */
  readonly modeAfter: string;
}
