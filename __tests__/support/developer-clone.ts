import { mkdirSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { CommitId } from '../../src/graph/tree.js';
import { processesWith, start, type Ended } from './program.js';
import { SAMPLE_WORKSPACE } from './sample-workspace.js';
import { TemporaryFolder } from './temporary-folder.js';
import { TestRepository } from './test-repository.js';

/** A developer's clone of the sample workspace, in which the bundled command line is called. */
export class DeveloperClone {
  readonly temporary = new TemporaryFolder();
  readonly repository: TestRepository;
  /** The commit at which it was cloned. */
  readonly fork: CommitId;

  constructor() {
    mkdirSync(this.temporary.join('tmp'));
    const origin = TestRepository.create(this.temporary.join('origin'));
    this.fork = origin.commit({ ...SAMPLE_WORKSPACE, 'elsewhere/README.md': '' });
    this.repository = TestRepository.clone(origin, this.temporary.join('clone'));
  }

  get folder(): string {
    return this.repository.folder;
  }

  /** Calls the command line. It must leave the clone as it was, and no process behind. */
  async cli(
    args: readonly string[],
    folder = this.folder,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<Ended> {
    const before = this.repository.digest();
    const variables = { TMPDIR: this.temporary.join('tmp'), ...environment };
    const ended = await start('cli', args, folder, variables).ended;
    expect(this.repository.digest()).toBe(before);
    expect(processesWith(this.temporary.join('tmp'))).toEqual([]);
    return ended;
  }

  remove(): void {
    this.temporary.remove();
  }
}
