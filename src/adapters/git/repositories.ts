import type { Repository } from './repository.js';
import type { ScratchRepository } from './scratch-repository.js';

/** The user's repository, and the scratch repository that shares its objects. */
export interface Repositories {
  readonly user: Repository;
  readonly scratch: ScratchRepository;
}
