import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Interruption } from '../bazel/interruption.js';
import type { OutputListener } from '../bazel/run-command.js';
import type { Leg } from '../matrix/leg.js';
import { judge, PLAN_JOB, type PlannedLegs, type ReportedLeg, type Verdict } from '../results/verdict.js';
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

/** Runs legs one after the other and judges them as CI does. A signal ends the one that runs and those after it. */
export async function runLegsHere(legs: readonly Leg[], planned: PlannedLegs, here: Here): Promise<Verdict> {
  using interruption = new Interruption(process);
  const tempFolder = await mkdtemp(join(tmpdir(), 'bazel-affected-run-'));
  try {
    const reports: ReportedLeg[] = [];
    for (const [at, leg] of legs.entries()) {
      if (interruption.received !== null) break;
      const count = leg.targets.length === 1 ? '1 target' : `${leg.targets.length} targets`;
      here.onProgress(`[${at + 1}/${legs.length}] ${leg.mode} ${leg.name} (${count})`);
      const result = await runLeg({
        leg,
        attempt: 1,
        workspace: here.workspace,
        bazel: here.bazel,
        rcLines: [],
        tempFolder,
        resultFile: join(tempFolder, `${at}.json`),
        graceMs: GRACE_MS,
        signals: process,
        onOutput: here.onOutput,
      });
      reports.push({ source: leg.name, result });
    }
    return judge(planned, new Map([[PLAN_JOB, 'success']]), reports);
  } finally {
    await rm(tempFolder, { recursive: true, force: true });
  }
}
