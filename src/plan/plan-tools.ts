import type { Repositories } from '../adapters/git/repositories.js';
import type { GraphSource } from '../loading/source/graph-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import type { Timer } from './timer.js';

/** What a plan is made with. */
export interface PlanTools {
  readonly repositories: Repositories;
  readonly graphs: GraphSource;
  readonly reader: LoadingReader;
  readonly timer: Timer;
}
