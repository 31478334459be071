import './readable-payload.js';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as core from '@actions/core';
import { textIfReadable } from '../adapters/disk/external-files.js';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import { ArtifactError } from '../adapters/github/artifact-error.js';
import { downloadFile, hasArtifacts, uploadFile } from '../adapters/github/artifacts.js';
import { runUrl } from '../adapters/github/place.js';
import { parseLegInputs, type LegInputs } from '../leg/leg-inputs.js';
import { InputError } from '../text/input-error.js';
import type { Leg } from '../plan/legs/leg.js';
import { askClearance } from '../leg/release-clearance.js';
import { GRACE_MS, runLeg, writeResult } from '../leg/run-leg.js';
import { AGAIN, legArtifact } from '../plan/file/artifact-names.js';
import { parsePlan, PLAN_FILE_NAME, PlanFileError } from '../plan/file/plan-file.js';
import type { ReleaseLedger } from '../leg/release-ledger.js';
import type { BaseOrigin, Clearance } from '../leg/release-order.js';
import { legAnnotations } from '../leg/report/annotations.js';
import { legFailure, legSummary } from '../leg/report/leg-summary.js';
import { notReleasedResult } from '../leg/result/not-released.js';
import {
  parseLegResult,
  RESULT_FILE_NAME,
  unfinishedResult,
  type LegResult,
} from '../leg/result/leg-result.js';
import { withheldResult } from '../leg/result/withheld.js';
import { plainLine } from '../text/plain-text.js';
import { endProcess } from './end-process.js';
import { errorMessage } from './expected-errors.js';
import { failAction, guardAction } from './fail-action.js';
import { annotate, group, info, mask, letOthersPrint } from './job-log.js';
import { annotationFolder, githubWorkspace } from './runner-folders.js';
import { runnerLedger } from './runner-ledger.js';
import { writeSummary } from './summary.js';

async function main(): Promise<void> {
  const inputs = parseLegInputs((name) => core.getInput(name));
  for (const secret of inputs.secrets) mask(secret);
  const leg = await legOf(inputs);
  const folder = await mkdtemp(join(tempFolder(), 'bazel-affected-leg-'));
  const resultFile = join(folder, RESULT_FILE_NAME);
  const attempt = Number(process.env.GITHUB_RUN_ATTEMPT ?? 1);
  const artifact =
    inputs.planArtifact !== null && hasArtifacts(process.env)
      ? legArtifact(inputs.planArtifact, leg.mode, inputs.entry.index, attempt)
      : '';
  // If this process is killed, the clean-up step of the job stores the file.
  core.saveState('result-file', resultFile);
  core.saveState('artifact', artifact);
  core.setOutput('result', resultFile);

  const result = await resultOf(leg, attempt, inputs, resultFile);
  if (result === null) {
    core.setOutput('status', 'succeeded');
    core.saveState('stored', 'true');
    return;
  }
  await report(result, inputs);
  if (artifact !== '') {
    await uploadFile(artifact, resultFile);
    core.saveState('stored', 'true');
  }
}

/** The leg in the matrix entry. If the plan was too large for the matrix, the labels come from the plan itself. */
async function legOf({ entry, planArtifact }: LegInputs): Promise<Leg> {
  const { name, mode, 'runs-on': runsOn, targets, 'own-tests': ownTests, index } = entry;
  if (targets !== undefined)
    return { name, mode, runsOn, targets, ...(Array.isArray(ownTests) ? { ownTests } : {}) };
  if (planArtifact === null) {
    throw new InputError('plan-artifact', '', {
      problem:
        "is needed, because this leg's targets are listed only in that artifact: set it to the plan action's output " +
        'artifact; where that output is empty, the plan could not be stored, and the log of its job says why',
    });
  }
  const leg = parsePlan(await downloadFile(planArtifact, PLAN_FILE_NAME, tempFolder())).legs[index];
  if (leg?.name !== name || leg.mode !== mode) {
    throw new InputError('plan-artifact', planArtifact, {
      problem: `is a plan without the leg ${JSON.stringify(name)}: name the artifact of the plan that made this job's matrix`,
    });
  }
  if (ownTests !== undefined) return leg;
  return { name, mode, runsOn, targets: leg.targets };
}

/** The result of this step; null if own tests passed, and a later step of the job releases. */
async function resultOf(
  leg: Leg,
  attempt: number,
  inputs: LegInputs,
  resultFile: string,
): Promise<LegResult | null> {
  const startedAt = new Date();
  const clearance = await clearanceOf(leg, inputs);
  const isOver = clearance.kind === 'clear' ? null : notReleasedResult(leg, attempt, startedAt, clearance);
  if (isOver !== null) await writeResult(resultFile, isOver);
  if (inputs.part === 'own-tests' && isOver?.status === 'succeeded') {
    info(plainLine(`No own tests run: ${isOver.message}`));
    return null;
  }
  if (isOver !== null) return isOver;
  const tested = await testedBefore(leg, attempt, inputs, resultFile);
  if (tested !== null && tested.status !== 'succeeded') {
    const withheld = withheldResult(leg, attempt, tested);
    await writeResult(resultFile, withheld);
    return withheld;
  }
  if (inputs.part === 'own-tests') return null;
  const notices: string[] = [];
  const ledger = runnerLedger(
    leg,
    clearance.kind === 'clear' ? clearance.job : null,
    inputs,
    () => isPrecise(inputs),
    (notice) => notices.push(notice),
  );
  const result = await runLegHere(leg, attempt, inputs, resultFile, ledger);
  // While Bazel runs, the runner takes no commands.
  for (const notice of notices) annotate('notice', notice);
  if (tested === null) return result;
  const whole = { ...result, ownTests: tested.targets };
  await writeResult(resultFile, whole);
  return whole;
}

/** The result of the own tests of a leg, which run now or ran in an earlier step of this job; null if it has none. */
async function testedBefore(
  leg: Leg,
  attempt: number,
  inputs: LegInputs,
  resultFile: string,
): Promise<LegResult | null> {
  if (leg.ownTests === undefined) return null;
  const { planArtifact, entry } = inputs;
  const ownTestsFile = join(
    tempFolder(),
    `own-tests-${planArtifact ?? 'none'}-${attempt}-${entry.index}.json`,
  );
  if (inputs.part === 'release') {
    const content = textIfReadable(ownTestsFile);
    if (content !== null) return parseLegResult(content);
    throw new InputError('part', 'release', {
      problem:
        'needs an earlier step of this job with `part: own-tests`, because the plan gave this leg own tests',
    });
  }
  // This stays as the result if the step is killed.
  await writeResult(resultFile, unfinishedResult(leg, attempt, new Date()));
  const tests: Leg = { ...leg, mode: 'test', targets: leg.ownTests };
  return runLegHere(tests, attempt, { ...inputs, flags: inputs.testFlags }, ownTestsFile, null);
}

/** Whether a leg may release now, or does not release at all. */
async function clearanceOf(leg: Leg, inputs: LegInputs): Promise<Clearance> {
  if (leg.mode !== 'release') return { kind: 'clear', job: null };
  if (inputs.githubToken === '') {
    annotate('warning', 'Without github-token there is no check whether a newer commit was released before.');
    return { kind: 'clear', job: null };
  }
  return askClearance(leg, process.env, inputs.githubToken, () => pushBaseOf(inputs));
}

/**
 * Whether the plan says which targets a change affects. If everything is affected, the reason may be something that the content
 * of a release does not show: the workflow itself, or what the user says.
 */
async function isPrecise({ planArtifact }: LegInputs): Promise<boolean> {
  if (planArtifact === null) return false;
  return parsePlan(await downloadFile(planArtifact, PLAN_FILE_NAME, tempFolder())).everything === null;
}

/** Where the base of this run's plan comes from. It is the same for every other run of this workflow. */
async function pushBaseOf({ planArtifact }: LegInputs): Promise<BaseOrigin> {
  if (planArtifact === null) return 'unknown';
  try {
    const plan = parsePlan(await downloadFile(planArtifact, PLAN_FILE_NAME, tempFolder()));
    return plan.isFromGreenRun ? 'last green run' : 'other';
  } catch (error) {
    if (!(error instanceof ArtifactError || error instanceof PlanFileError)) throw error;
    return 'unknown';
  }
}

async function runLegHere(
  leg: Leg,
  attempt: number,
  inputs: LegInputs,
  resultFile: string,
  ledger: ReleaseLedger | null,
): Promise<LegResult> {
  // The own tests of a release get none of its credentials.
  const isOwnTests = leg.mode !== inputs.entry.mode;
  const what = leg.targets.length === 1 ? plainLine(leg.name) : `${leg.targets.length} targets`;
  return group(`bazel ${leg.mode === 'release' ? 'run' : leg.mode}: ${what}`, () =>
    // The output of tests must not act as commands to the runner.
    letOthersPrint((print) =>
      runLeg({
        leg,
        attempt,
        workspace: join(githubWorkspace(), inputs.workspace),
        bazel: { program: inputs.bazel, startupOptions: inputs.startupOptions, flags: inputs.flags },
        access: isOwnTests ? 'none' : 'of the job',
        variables: isOwnTests ? {} : Object.fromEntries(inputs.environment),
        status: { STABLE_RUN: runUrl(process.env) },
        ledger,
        rcLines: inputs.rcLines,
        secrets: inputs.secrets,
        tempFolder: tempFolder(),
        resultFile,
        graceMs: GRACE_MS,
        signals: process,
        onOutput: print,
      }),
    ),
  );
}

async function report(result: LegResult, { workspace }: LegInputs): Promise<void> {
  writeSummary(legSummary(result));
  const folder = await annotationFolder(workspace);
  for (const { level, title, message, location } of legAnnotations(result)) {
    const place =
      location === null
        ? {}
        : {
            file: posix.join(folder, location.file),
            ...(location.line === null ? {} : { startLine: location.line }),
          };
    annotate(level, message, { title, ...place });
  }
  core.setOutput('status', result.status);
  info(plainLine(`${result.leg.name}: ${result.message}`));
  if (result.status !== 'succeeded') process.exitCode = core.ExitCode.Failure;
}

/** The clean-up step: stores the result if the main step was stopped before it could. */
async function store(resultFile: string): Promise<void> {
  const artifact = core.getState('artifact');
  if (artifact === '' || core.getState('stored') === 'true' || !existsSync(resultFile)) return;
  // The main step may have begun to store it under the artifact's own name. That name can then not be used again.
  await uploadFile(artifact + AGAIN, resultFile);
}

guardAction();
const leftResult = core.getState('result-file');
const step =
  leftResult === ''
    ? main().catch((error: unknown) => {
        writeSummary(legFailure(errorMessage(error)));
        failAction(error);
      })
    : store(leftResult).catch((error: unknown) => {
        if (error instanceof ArtifactError) annotate('warning', error.message);
        else failAction(error);
      });
void step.finally(endProcess);
