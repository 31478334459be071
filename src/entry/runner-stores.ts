import { CacheStore, hasCache } from '../adapters/github/cache-store.js';
import type { PlanInputs } from '../plan/plan-inputs.js';
import { readOnlyStores, storesIn, type PlanStores } from '../plan/plan-stores.js';
import { annotate } from './job-log.js';

/** What is kept in GitHub's cache from one plan to the next; null if nothing is. */
export function runnerStores({ snapshots }: Pick<PlanInputs, 'snapshots'>): PlanStores | null {
  if (snapshots === 'false' || !hasCache()) return null;
  const tell = (notice: string): void => {
    annotate('notice', notice);
  };
  const cache = new CacheStore(tell);
  const stores = storesIn(cache, cache, null, tell);
  return snapshots === 'read-only' ? readOnlyStores(stores) : stores;
}
