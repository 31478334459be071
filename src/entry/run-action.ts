import './readable-payload.js';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join, posix } from 'node:path';
import * as core from '@actions/core';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import { ArtifactError } from '../adapters/github/artifact-error.js';
import { downloadFile, hasArtifacts, uploadFile } from '../adapters/github/artifacts.js';
import { parseLegInputs, type LegInputs } from '../leg/leg-inputs.js';
import { InputError } from '../text/input-error.js';
import type { Leg } from '../plan/legs/leg.js';
import { askClearance } from '../leg/release-clearance.js';
import { GRACE_MS, runLeg, writeResult } from '../leg/run-leg.js';
import { AGAIN, legArtifact } from '../plan/file/artifact-names.js';
import { parsePlan, PLAN_FILE_NAME, PlanFileError } from '../plan/file/plan-file.js';
import type { BaseOrigin } from '../leg/release-order.js';
import { legAnnotations } from '../leg/report/annotations.js';
import { legFailure, legSummary } from '../leg/report/leg-summary.js';
import { notReleasedResult } from '../leg/result/not-released.js';
import { RESULT_FILE_NAME, type LegResult } from '../leg/result/leg-result.js';
import { plainLine } from '../text/plain-text.js';
import { endProcess } from './end-process.js';
import { errorMessage } from './expected-errors.js';
import { failAction, guardAction } from './fail-action.js';
import { annotate, group, info, mask, letOthersPrint } from './job-log.js';
import { annotationFolder, githubWorkspace } from './runner-folders.js';
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

  const result =
    (await notReleased(leg, attempt, inputs, resultFile)) ??
    (await runLegHere(leg, attempt, inputs, resultFile));
  await report(result, inputs);
  if (artifact !== '') {
    await uploadFile(artifact, resultFile);
    core.saveState('stored', 'true');
  }
}

/** The leg in the matrix entry. If the plan was too large for the matrix, the targets come from the plan itself. */
async function legOf({ entry, planArtifact }: LegInputs): Promise<Leg> {
  const { name, mode, 'runs-on': runsOn, targets, index } = entry;
  if (targets !== undefined) return { name, mode, runsOn, targets };
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
  return leg;
}

/** The result of a leg that must not release now; null if it may, or if it does not release. */
async function notReleased(
  leg: Leg,
  attempt: number,
  inputs: LegInputs,
  resultFile: string,
): Promise<LegResult | null> {
  if (leg.mode !== 'release') return null;
  if (inputs.githubToken === '') {
    annotate('warning', 'Without github-token there is no check whether a newer commit was released before.');
    return null;
  }
  const startedAt = new Date();
  const clearance = await askClearance(leg, process.env, inputs.githubToken, () => pushBaseOf(inputs));
  if (clearance.kind === 'clear') return null;
  const result = notReleasedResult(leg, attempt, startedAt, clearance);
  await writeResult(resultFile, result);
  return result;
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
): Promise<LegResult> {
  for (const [name, value] of inputs.environment) process.env[name] = value;
  const what = leg.targets.length === 1 ? plainLine(leg.name) : `${leg.targets.length} targets`;
  return group(`bazel ${leg.mode === 'release' ? 'run' : leg.mode}: ${what}`, () =>
    // The output of tests must not act as commands to the runner.
    letOthersPrint((print) =>
      runLeg({
        leg,
        attempt,
        workspace: join(githubWorkspace(), inputs.workspace),
        bazel: { program: inputs.bazel, startupOptions: inputs.startupOptions, flags: inputs.flags },
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
