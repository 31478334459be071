import './readable-payload.js';
import { mkdtempSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import * as core from '@actions/core';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import { BazelError } from '../adapters/bazel/bazel-error.js';
import { locatedErrors } from '../formats/error-messages.js';
import { writePieces } from '../adapters/disk/write-pieces.js';
import { ArtifactError, ArtifactSizeError } from '../adapters/github/artifact-error.js';
import { hasArtifacts, uploadFile } from '../adapters/github/artifacts.js';
import { basicCredential } from '../adapters/github/git-credentials.js';
import { readEvent, type Event } from '../adapters/github/event.js';
import { parsePlanInputs, type PlanInputs } from '../plan/plan-inputs.js';
import type { Label } from '../graph/label.js';
import type { Mode } from '../plan/legs/leg.js';
import { matricesOf } from '../plan/legs/matrix.js';
import { planOfDeletion } from '../plan/deletion.js';
import { planIn, type PlannedIn } from '../plan/plan-in.js';
import type { PlanStores } from '../plan/plan-stores.js';
import type { PlannableEvent } from '../plan/plannable-event.js';
import { revisionsOfEvent } from '../plan/revisions.js';
import { newPlanArtifact, type TestedChange } from '../plan/file/artifact-names.js';
import { testedChange } from '../plan/tested-change.js';
import { PLAN_FILE_NAME, planFileContent, smallPlanFileContent } from '../plan/file/plan-file.js';
import { planHeadline } from '../plan/report/plan-headline.js';
import { labelLines, planOutputs } from '../plan/report/plan-outputs.js';
import { planFailure, type PlanFailure } from '../plan/report/plan-failure.js';
import { planSummary } from '../plan/report/plan-summary.js';
import { planText } from '../plan/report/plan-text.js';
import { plainLine } from '../text/plain-text.js';
import { endProcess } from './end-process.js';
import { errorMessage } from './expected-errors.js';
import { failAction, guardAction } from './fail-action.js';
import { annotate, group, info, mask } from './job-log.js';
import { annotationFolder, workspaceFolder } from './runner-folders.js';
import { runnerStores } from './runner-stores.js';
import { writeSummary } from './summary.js';

/** The part of a plan that is reported and stored. */
type FinishedPlan = Pick<PlannedIn, 'plan' | 'context' | 'unrecorded'>;

async function main(): Promise<void> {
  const given = parsePlanInputs((name) => core.getInput(name));
  if (given.githubToken !== '') mask(basicCredential(given.githubToken));
  const event = readEvent(process.env);
  const inputs = verifiedBySchedule(given, event);
  const planned =
    event.name === 'deletion'
      ? { ...planOfDeletion(event, inputs), unrecorded: null }
      : await planForEvent(event, inputs, runnerStores(given));
  for (const problem of planned.plan.problems) annotate('error', problem, { title: 'The run will fail' });
  for (const notice of planned.context.notices) annotate('warning', notice);
  if (planned.plan.everything !== null)
    annotate('notice', `Everything is affected: ${planned.plan.everything.reason}`);
  const planFile = writePlanFile(planFileContent(planned.plan));
  setOutputs(
    planned,
    planFile,
    await storePlan(planned, planFile, testedChange(planned.plan, event, inputs)),
  );
  writeSummary(planSummary(planned.plan, planned.context));
  info(plainLine(planHeadline(planned.plan)));
}

/**
 * Enables the comparison of the snapshot with Bazel for scheduled runs, so that it takes place without being asked for.
 */
function verifiedBySchedule(inputs: PlanInputs, event: Event): PlanInputs {
  if (event.name !== 'schedule' || inputs.snapshots === 'false') return inputs;
  return { ...inputs, snapshots: 'verify' };
}

async function planForEvent(
  event: PlannableEvent,
  inputs: PlanInputs,
  stores: PlanStores | null,
): Promise<FinishedPlan> {
  const folder = workspaceFolder(inputs.workspace);
  return group('Plan', async () => {
    const made = await planIn(
      folder,
      inputs,
      stores,
      (repositories) => revisionsOfEvent(event, inputs, repositories, process.env),
      (step) => {
        info(`${step} …`);
      },
    );
    info(planText(made.plan, made.context));
    return made;
  });
}

/**
 * The limit in bytes for storing the complete plan. All legs download it, so a larger file is reduced to what they
 * read.
 */
const MOST_STORED_WHOLE = 16 * 1024 * 1024;

/** @returns the file's path */
function writePlanFile(content: Iterable<string>): string {
  const path = join(mkdtempSync(join(tempFolder(), 'bazel-affected-plan-')), PLAN_FILE_NAME);
  writePieces(path, content);
  return path;
}

/** @returns the path of a file beside the plan file, with a target on each line */
function writeTargets(planFile: string, mode: Mode, targets: readonly Label[]): string {
  const path = join(dirname(planFile), `${mode}-targets.txt`);
  writePieces(path, labelLines(targets));
  return path;
}

/**
 * Stores the plan for the later jobs.
 *
 * @param tested what its tests show other runs
 * @returns the name of the artifact, or `''` if there is none
 * @throws ArtifactSizeError if the plan is too large for the later jobs to read
 */
async function storePlan(
  { plan }: FinishedPlan,
  planFile: string,
  tested: TestedChange | null,
): Promise<string> {
  if (!hasArtifacts(process.env)) {
    info('The plan is not stored: this job has no artifact service. The run and conclude actions need one.');
    return '';
  }
  const name = newPlanArtifact(plan, Number(process.env.GITHUB_RUN_ATTEMPT ?? 1), tested);
  const isLarge = statSync(planFile).size > MOST_STORED_WHOLE;
  try {
    await uploadFile(name, isLarge ? writePlanFile(smallPlanFileContent(plan)) : planFile);
    return name;
  } catch (error) {
    if (!(error instanceof ArtifactError) || error instanceof ArtifactSizeError) throw error;
    annotate('warning', `${error.message}. The run and conclude actions cannot work without it.`);
    return '';
  }
}

function setOutputs({ plan, context, unrecorded }: FinishedPlan, planFile: string, artifact: string): void {
  // If the plan is not stored, legs know their targets only from the matrix, and there can be no verdict.
  const matrices = matricesOf(plan.legs, artifact === '' ? 'outputs' : 'outputs and needs');
  if (artifact === '' && matrices.all.include.some(({ targets }) => targets === undefined)) {
    annotate(
      'warning',
      'The targets of the legs are too many for the matrix, and the plan that names them is not stored: each leg will fail.',
    );
  }
  const outputs: Readonly<Record<string, unknown>> = {
    ...planOutputs(plan, context, matrices),
    plan: planFile,
    'test-targets': writeTargets(planFile, 'test', plan.test),
    'build-targets': writeTargets(planFile, 'build', plan.build),
    'release-targets': writeTargets(planFile, 'release', plan.release),
    artifact,
    unrecorded: unrecorded ?? '',
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

function planFailureOf(error: unknown): PlanFailure {
  if (!(error instanceof BazelError)) return { kind: 'other', message: errorMessage(error) };
  if (error.isAboutOptions) return { kind: 'wrong options', bazelOutput: error.output };
  if (error.isAboutCode) return { kind: 'does not load', bazelOutput: error.output };
  return { kind: 'other', message: errorMessage(error) };
}

/** Shows Bazel's errors next to the code. GitHub shows ten annotations for a step, and the failure itself needs one. */
async function annotateErrors(error: BazelError): Promise<void> {
  const folder = await annotationFolder(core.getInput('workspace'));
  for (const { file, line, message } of locatedErrors(error.output).slice(0, 9))
    annotate('error', message, {
      title: 'Bazel cannot load this',
      file: posix.join(folder, file),
      startLine: line,
    });
}

guardAction();
main()
  .catch(async (error: unknown) => {
    writeSummary(planFailure(planFailureOf(error)));
    if (error instanceof BazelError) await annotateErrors(error);
    failAction(error);
  })
  .finally(endProcess);
