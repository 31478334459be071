import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interruption } from '../bazel/interruption.js';
import type { OutputListener } from '../bazel/run-command.js';
import { MODES, type Leg } from '../matrix/leg.js';
import type { LegResult } from '../results/leg-result.js';
import type { Needs } from '../results/needs.js';
import { judge, PLAN_JOB, type PlannedLegs, type Verdict } from '../results/verdict.js';
import type { BazelSetup } from './leg-context.js';
import { GRACE_MS, runLeg } from './run-leg.js';

/** Where and how legs run on a developer's machine. */
export interface Here {
  /** The root of the Bazel workspace. */
  readonly workspace: string;
  readonly bazel: BazelSetup;
  /** Gets a line for each leg as it starts. */
  readonly onProgress: (line: string) => void;
  /** Gets Bazel's output as it comes. */
  readonly onOutput: OutputListener;
}

/**
 * Runs legs one after the other and judges them as CI does: releases come last, and none is started once a test or a
 * build is not good. A signal ends the leg that runs and those after it.
 */
export async function runLegsHere(legs: readonly Leg[], planned: PlannedLegs, here: Here): Promise<Verdict> {
  using interruption = new Interruption(process);
  const tempFolder = await mkdtemp(join(tmpdir(), 'bazel-affected-run-'));
  try {
    const reports: { readonly source: string; readonly result: LegResult }[] = [];
    for (const [at, leg] of releasesLast(legs).entries()) {
      if (interruption.received !== null) break;
      if (leg.mode === 'release' && reports.some(({ result }) => !mayReleaseAfter(result))) {
        here.onProgress('nothing is released: a test or a build is not good');
        break;
      }
      const count = leg.targets.length === 1 ? '1 target' : `${leg.targets.length} targets`;
      here.onProgress(`[${at + 1}/${legs.length}] ${leg.mode} ${leg.name} (${count})`);
      const result = await runLeg({
        leg,
        attempt: 1,
        workspace: here.workspace,
        bazel: here.bazel,
        rcLines: [],
        secrets: [],
        tempFolder,
        resultFile: join(tempFolder, `${at}.json`),
        graceMs: GRACE_MS,
        signals: process,
        onOutput: here.onOutput,
      });
      reports.push({ source: leg.name, result });
    }
    return judge(planned, stagesAsJobs(reports.map(({ result }) => result)), reports);
  } finally {
    await rm(tempFolder, { recursive: true, force: true });
  }
}

function releasesLast(legs: readonly Leg[]): Leg[] {
  return [...legs.filter(({ mode }) => mode !== 'release'), ...legs.filter(({ mode }) => mode === 'release')];
}

/** Here no job stands for a mode: one of which no leg was started counts as skipped. */
function stagesAsJobs(results: readonly LegResult[]): Needs {
  return new Map([
    [PLAN_JOB, 'success'] as const,
    ...MODES.map(
      (mode) => [mode, results.some(({ leg }) => leg.mode === mode) ? 'success' : 'skipped'] as const,
    ),
  ]);
}

/** A release that failed keeps no other one from being tried. */
function mayReleaseAfter({ leg, status }: LegResult): boolean {
  return leg.mode === 'release' || status === 'succeeded';
}
