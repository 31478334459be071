import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as core from '@actions/core';
import { BazelError } from '../bazel/bazel.js';
import { locatedErrors } from '../bazel/error-messages.js';
import { CacheStore, hasCache } from '../github/cache-store.js';
import { ArtifactError } from '../github/artifact-error.js';
import { hasArtifacts, uploadFile } from '../github/artifacts.js';
import { basicCredential } from '../github/git-credentials.js';
import { readEvent, type Event } from '../github/event.js';
import { InputError } from '../inputs/input-error.js';
import { parsePlanInputs, type PlanInputs } from '../inputs/plan-inputs.js';
import { matricesOf } from '../matrix/matrix.js';
import { planIn, type PlannedIn } from '../pipeline/planning.js';
import { revisionsOfEvent } from '../pipeline/revisions.js';
import { newPlanArtifact } from '../plan/artifact-names.js';
import { PLAN_FILE_NAME, planToJson } from '../plan/plan-file.js';
import { headline, planFailure, planSummary, type PlanFailure } from '../report/plan-summary.js';
import { planText } from '../report/plan-text.js';
import { readOnly, type SnapshotStore } from '../snapshot/store.js';
import { messageOf } from './expected-errors.js';
import { failAction, guardAction } from './fail-action.js';
import { annotate, group, info, mask } from './job-log.js';
import { annotationFolder, githubWorkspace, tempFolder } from './runner-folders.js';
import { writeSummary } from './summary.js';

async function main(): Promise<void> {
  const given = parsePlanInputs((name) => core.getInput(name));
  if (given.githubToken !== '') mask(basicCredential(given.githubToken));
  const event = readEvent(process.env);
  const inputs = verifiedBySchedule(given, event);
  const folder = join(githubWorkspace(), inputs.workspace);
  if (!existsSync(folder))
    throw new InputError(
      'workspace',
      inputs.workspace,
      'a folder of what a step before this one checked out',
    );
  const planned = await group('Plan', async () => {
    const made = await planIn(
      folder,
      inputs,
      snapshotStore(given),
      (repository, scratch) => revisionsOfEvent(event, inputs, repository, scratch, process.env),
      (step) => {
        info(`${step} …`);
      },
    );
    info(planText(made.plan, made.context));
    return made;
  });
  for (const problem of planned.plan.problems) annotate('error', problem, { title: 'The run will fail' });
  for (const notice of planned.context.notices) annotate('warning', notice);
  if (planned.plan.everything !== null)
    annotate('notice', `Everything is affected: ${planned.plan.everything.reason}`);
  const planFile = writePlanFile(planned);
  setOutputs(planned, planFile, await storePlan(planFile));
  writeSummary(planSummary(planned.plan, planned.context));
  info(headline(planned.plan));
}

/** What every plan believes is compared with Bazel from time to time, unasked. */
function verifiedBySchedule(inputs: PlanInputs, event: Event): PlanInputs {
  if (event.name !== 'schedule' || inputs.snapshots === 'false') return inputs;
  return { ...inputs, snapshots: 'verify' };
}

function snapshotStore({ snapshots }: PlanInputs): SnapshotStore | null {
  if (snapshots === 'false' || !hasCache()) return null;
  const store = new CacheStore((notice) => {
    annotate('notice', notice);
  });
  return snapshots === 'read-only' ? readOnly(store) : store;
}

function writePlanFile({ plan }: PlannedIn): string {
  const folder = mkdtempSync(join(tempFolder(), 'bazel-affected-plan-'));
  const path = join(folder, PLAN_FILE_NAME);
  writeFileSync(path, JSON.stringify(planToJson(plan)));
  return path;
}

/** Stores the plan for the jobs after this one. @returns the name of the artifact, or `''` where there is none */
async function storePlan(planFile: string): Promise<string> {
  if (!hasArtifacts(process.env)) return '';
  const name = newPlanArtifact();
  try {
    await uploadFile(name, planFile);
    return name;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    annotate('warning', `${error.message}. The run and conclude actions cannot work without it.`);
    return '';
  }
}

function setOutputs({ plan, context }: PlannedIn, planFile: string, artifact: string): void {
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
  if (!(error instanceof BazelError)) return { kind: 'other', message: messageOf(error) };
  // 2 is a wrong command line: https://bazel.build/run/scripts#exit-codes
  const kind = error.exitCode === 2 ? 'wrong options' : 'does not load';
  return { kind, bazelOutput: error.output };
}

/** Shows Bazel's errors beside the code. One is left to the failure itself: GitHub shows ten of a step. */
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
// A request to a cache that hangs would keep the process alive long after the plan is there.
main()
  .catch(async (error: unknown) => {
    writeSummary(planFailure(failureOf(error)));
    if (error instanceof BazelError) await annotateErrors(error);
    failAction(error);
  })
  .finally(() => process.exit());
