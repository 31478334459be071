import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Interruption } from '../adapters/bazel/interruption.js';
import type { OutputListener } from '../adapters/bazel/run-command.js';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import type { Leg } from '../plan/legs/leg.js';
import { unfinishedResult, type LegResult } from './result/leg-result.js';
import { hasPassed } from './result/outcome.js';
import { withheldResult } from './result/withheld.js';
import type { BazelSetup } from './leg-context.js';
import { GRACE_MS, runLeg } from './run-leg.js';
import { plural } from '../text/plural.js';

/** The settings for running legs on a developer's machine. */
export interface Here {
  /** The root of the Bazel workspace. */
  readonly workspace: string;
  readonly bazel: BazelSetup;
  /** Receives a line for each leg when it starts. */
  readonly onProgress: (line: string) => void;
  /** Receives Bazel's output while it arrives. */
  readonly onOutput: OutputListener;
}

/**
 * Runs legs one after the other, in the order of CI: releases come last, and are not started if a test failed that they wait
 * for. A signal ends the current leg, and no further one is started.
 *
 * @returns the results of the legs that were started, in their order
 */
export async function runLegsHere(legs: readonly Leg[], here: Here): Promise<LegResult[]> {
  using interruption = new Interruption(process);
  const folder = await mkdtemp(join(tempFolder(), 'bazel-affected-run-'));
  try {
    const results: LegResult[] = [];
    for (const [at, leg] of releasesLast(legs).entries()) {
      if (interruption.received !== null) break;
      if (leg.waitsForTests === true && results.some((result) => !mayReleaseAfter(result))) {
        here.onProgress(`${leg.name} is not released, because a test or a build failed`);
        continue;
      }
      const withheld = withheldByTests(leg, results);
      if (withheld !== null) {
        here.onProgress(`${leg.name}: ${withheld.message}`);
        results.push(withheld);
        continue;
      }
      here.onProgress(
        `[${at + 1}/${legs.length}] ${leg.mode} ${leg.name} (${plural(leg.targets.length, 'target')})`,
      );
      results.push(
        await runLeg({
          leg,
          attempt: 1,
          workspace: here.workspace,
          bazel: here.bazel,
          access: 'of the job',
          variables: {},
          status: {},
          ledger: null,
          rcLines: [],
          secrets: [],
          tempFolder: folder,
          resultFile: join(folder, `${at}.json`),
          graceMs: GRACE_MS,
          signals: process,
          onOutput: here.onOutput,
        }),
      );
    }
    return results;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The result of a leg whose own tests, which ran in other legs, did not all pass; null if it may release. */
function withheldByTests(leg: Leg, results: readonly LegResult[]): LegResult | null {
  const own = new Set(leg.ownTests);
  const targets = results
    .filter(({ leg: { mode } }) => mode === 'test')
    .flatMap((result) => result.targets)
    .filter(({ label }) => own.has(label));
  const passed = targets.filter(({ outcome }) => hasPassed('test', outcome));
  if (passed.length === own.size) return null;
  return withheldResult(leg, 1, { ...unfinishedResult(leg, 1, new Date()), status: 'failed', targets });
}

function releasesLast(legs: readonly Leg[]): Leg[] {
  return [...legs.filter(({ mode }) => mode !== 'release'), ...legs.filter(({ mode }) => mode === 'release')];
}

/** A failed release does not prevent the other releases. */
function mayReleaseAfter({ leg, status }: LegResult): boolean {
  return leg.mode === 'release' || status === 'succeeded';
}
