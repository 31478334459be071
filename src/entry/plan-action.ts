import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as core from '@actions/core';
import { BazelError } from '../bazel/bazel.js';
import { locatedErrors } from '../bazel/error-messages.js';
import { CacheStore, hasCache } from '../github/cache-store.js';
import { ArtifactError } from '../github/artifact-error.js';
import { hasArtifacts, uploadFile } from '../github/artifacts.js';
import { readEvent } from '../github/event.js';
import { InputError } from '../inputs/input-error.js';
import { parsePlanInputs, type PlanInputs } from '../inputs/plan-inputs.js';
import { matricesOf } from '../matrix/matrix.js';
import { planOfDeletion } from '../pipeline/deletion.js';
import type { Planned } from '../pipeline/plan.js';
import { planIn } from '../pipeline/planning.js';
import { revisionsOfEvent, type PlannableEvent } from '../pipeline/revisions.js';
import { newPlanArtifact } from '../plan/artifact-names.js';
import { PLAN_FILE_NAME, planToJson } from '../plan/plan-file.js';
import { headline, planFailure, planSummary, type PlanFailure } from '../report/plan-summary.js';
import { planText } from '../report/plan-text.js';
import { readOnly, type SnapshotStore } from '../snapshot/store.js';
import { plainLine } from '../text/plain-text.js';
import { endProcess } from './end-process.js';
import { failAction } from './fail-action.js';
import { annotationFolder, githubWorkspace, tempFolder } from './runner-folders.js';
import { writeSummary } from './summary.js';

/** What is told of a plan and kept of it. */
type FinishedPlan = Pick<Planned, 'plan' | 'context'>;

async function main(): Promise<void> {
  const inputs = parsePlanInputs((name) => core.getInput(name));
  const event = readEvent(process.env);
  const planned =
    event.name === 'deletion' ? planOfDeletion(event, inputs) : await planForEvent(event, inputs);
  for (const problem of planned.plan.problems) core.error(problem, { title: 'The run will fail' });
  for (const notice of planned.context.notices) core.warning(notice);
  if (planned.plan.everything !== null)
    core.notice(`Everything is affected: ${planned.plan.everything.reason}`);
  const planFile = writePlanFile(planned);
  setOutputs(planned, planFile, await storePlan(planned, planFile));
  writeSummary(planSummary(planned.plan, planned.context));
  core.info(plainLine(headline(planned.plan)));
}

async function planForEvent(event: PlannableEvent, inputs: PlanInputs): Promise<FinishedPlan> {
  const folder = join(githubWorkspace(), inputs.workspace);
  if (!existsSync(folder))
    throw new InputError(
      'workspace',
      inputs.workspace,
      'a folder of what a step before this one checked out',
    );
  return core.group('Plan', async () => {
    const made = await planIn(
      folder,
      inputs,
      snapshotStore(inputs),
      (repository, scratch) => revisionsOfEvent(event, inputs, repository, scratch, process.env),
      (step) => {
        core.info(`${step} …`);
      },
    );
    core.info(planText(made.plan, made.context));
    return made;
  });
}

function snapshotStore({ snapshots }: PlanInputs): SnapshotStore | null {
  if (snapshots === 'false' || !hasCache()) return null;
  const store = new CacheStore((notice) => {
    core.notice(notice);
  });
  return snapshots === 'read-only' ? readOnly(store) : store;
}

function writePlanFile({ plan }: FinishedPlan): string {
  const folder = mkdtempSync(join(tempFolder(), 'bazel-affected-plan-'));
  const path = join(folder, PLAN_FILE_NAME);
  writeFileSync(path, JSON.stringify(planToJson(plan)));
  return path;
}

/** Stores the plan for the jobs after this one. @returns the name of the artifact, or `''` where there is none */
async function storePlan({ plan }: FinishedPlan, planFile: string): Promise<string> {
  if (!hasArtifacts(process.env)) return '';
  const name = newPlanArtifact(plan, Number(process.env.GITHUB_RUN_ATTEMPT ?? 1));
  try {
    await uploadFile(name, planFile);
    return name;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    core.warning(`${error.message}. The run and conclude actions cannot work without it.`);
    return '';
  }
}

function setOutputs({ plan, context }: FinishedPlan, planFile: string, artifact: string): void {
  const matrices = matricesOf(plan.legs);
  const outputs: Readonly<Record<string, unknown>> = {
    matrix: matrices.all,
    'test-matrix': matrices.test,
    'build-matrix': matrices.build,
    'release-matrix': matrices.release,
    count: matrices.all.include.length,
    'test-count': matrices.test.include.length,
    'build-count': matrices.build.include.length,
    'release-count': matrices.release.include.length,
    base: plan.base?.commit ?? '',
    head: plan.head.commit,
    mode: context.mode,
    everything: plan.everything?.reason ?? '',
    plan: planFile,
    artifact,
  };
  for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
}

function failureOf(error: unknown): PlanFailure {
  if (!(error instanceof BazelError))
    return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
  // 2 is a wrong command line: https://bazel.build/run/scripts#exit-codes
  const kind = error.exitCode === 2 ? 'wrong options' : 'does not load';
  return { kind, bazelOutput: error.output };
}

/** Shows Bazel's errors beside the code. One is left to the failure itself: GitHub shows ten of a step. */
async function annotate(error: BazelError): Promise<void> {
  const folder = await annotationFolder(core.getInput('workspace'));
  for (const { file, line, message } of locatedErrors(error.output).slice(0, 9))
    core.error(message, {
      title: 'Bazel cannot load this',
      file: posix.join(folder, file),
      startLine: line,
    });
}

main()
  .catch(async (error: unknown) => {
    writeSummary(planFailure(failureOf(error)));
    if (error instanceof BazelError) await annotate(error);
    failAction(error);
  })
  .finally(endProcess);
