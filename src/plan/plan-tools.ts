import type { Repositories } from '../adapters/git/repositories.js';
import type { ExternalsSource } from '../loading/source/externals-source.js';
import type { GraphSource } from '../loading/source/graph-source.js';
import type { LoadingReader } from '../loading/source/loading-reader.js';
import type { Timer } from './timer.js';

/** The adapters and helpers with which a plan is made. */
export interface PlanTools {
  readonly repositories: Repositories;
  readonly graphs: GraphSource;
  readonly externals: ExternalsSource;
  readonly reader: LoadingReader;
  readonly timer: Timer;
}
