import './readable-payload.js';
import * as core from '@actions/core';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import { ArtifactError } from '../adapters/github/artifact-error.js';
import { downloadFile, downloadFiles, type Downloaded } from '../adapters/github/artifacts.js';
import { repositoryUrl } from '../adapters/github/place.js';
import { WorkflowRuns } from '../adapters/github/runs.js';
import { parsePlanArtifact } from '../leg/leg-inputs.js';
import { legArtifactPrefix, parseLegArtifact } from '../plan/file/artifact-names.js';
import { parsePlan, PLAN_FILE_NAME } from '../plan/file/plan-file.js';
import { plannedLegsOf, type PlannedLegs } from '../plan/file/planned-legs.js';
import { jobUrls } from '../verdict/job-urls.js';
import { problemSentences } from '../verdict/problem.js';
import type { ReportedLeg } from '../verdict/reported-leg.js';
import { verdictSummary } from '../verdict/verdict-summary.js';
import { parseLegResult, RESULT_FILE_NAME } from '../leg/result/leg-result.js';
import { parseNeeds, PLAN_JOB } from '../verdict/needs.js';
import { originProblem } from '../leg/result/result-origin.js';
import { judge, NO_PLAN, type UnreadablePlan, type Verdict } from '../verdict/verdict.js';
import { clip, plainText } from '../text/plain-text.js';
import { endProcess } from './end-process.js';
import { errorMessage } from './expected-errors.js';
import { failAction, guardAction } from './fail-action.js';
import { annotate, info } from './job-log.js';
import { rewriteSummary, writeSummary } from './summary.js';

/** The limit for result artifacts: it allows several attempts for each leg of the largest plan. */
const MOST_RESULTS = 2000;

/** The time limit in milliseconds for looking up the links. They are optional. */
const LINKS_MS = 30_000;

async function main(): Promise<void> {
  const needs = parseNeeds(core.getInput('needs'));
  const planArtifact = parsePlanArtifact(core.getInput('plan-artifact'));
  const made = needs.get(PLAN_JOB) === 'success';
  const plan = made ? await readPlan(planArtifact) : NO_PLAN;
  const planned = 'unreadable' in plan ? null : plan;
  const reports =
    planned === null || planArtifact === null || planned.legs.length === 0
      ? []
      : await readReports(planArtifact, planned);
  const verdict = judge(plan, needs, reports);

  // The verdict goes to the log first, so that problems with files or links cannot suppress it.
  printVerdict(verdict);
  const page = { verdict, planned, repositoryUrl: repositoryUrl(process.env) };
  writeSummary(verdictSummary({ ...page, jobUrls: new Map() }));
  const jobUrls = await linksTo(planned);
  if (jobUrls.size > 0) rewriteSummary(verdictSummary({ ...page, jobUrls }));
}

function printVerdict(verdict: Verdict): void {
  info(plainText(verdict.headline));
  if (verdict.conclusion === 'failure') {
    const message = [verdict.headline, ...problemSentences(verdict.problems)].join('\n');
    annotate('error', clip(plainText(message), 4096), { title: 'Bazel affected' });
    process.exitCode = core.ExitCode.Failure;
  }
  const passed = verdict.targets.filter(({ standing }) => standing === 'passed').length;
  core.setOutput('conclusion', verdict.conclusion);
  core.setOutput('targets', verdict.targets.length);
  core.setOutput('passed-targets', passed);
}

/** The plan; or why it cannot be read, which makes the verdict a failure. */
async function readPlan(artifact: string | null): Promise<PlannedLegs | UnreadablePlan> {
  if (artifact === null)
    return { unreadable: "The plan was not stored as an artifact: see the log of the plan's job." };
  try {
    return plannedLegsOf(parsePlan(await downloadFile(artifact, PLAN_FILE_NAME, tempFolder())));
  } catch (error) {
    return { unreadable: `The artifact ${artifact} cannot be read: ${withFullStop(errorMessage(error))}` };
  }
}

function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/**
 * The reports in the artifacts. If the artifacts cannot be listed, there is a single report, which says that. An
 * unreadable artifact affects only its own report.
 */
async function readReports(planArtifact: string, planned: PlannedLegs): Promise<ReportedLeg[]> {
  const runAttempt = Number(process.env.GITHUB_RUN_ATTEMPT ?? 1);
  const prefix = legArtifactPrefix(planArtifact);
  let files: Downloaded[];
  try {
    files = await downloadFiles(prefix, RESULT_FILE_NAME, tempFolder(), MOST_RESULTS);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return [{ source: `${prefix}*`, error: error.message }];
  }
  return files.map((file): ReportedLeg => {
    const source = file.name;
    if ('error' in file) return { source, error: file.error };
    try {
      const result = parseLegResult(file.content);
      const problem = originProblem(result, parseLegArtifact(planArtifact, source), planned, runAttempt);
      return problem === null ? { source, result } : { source, error: problem };
    } catch (error) {
      return { source, error: error instanceof Error ? error.message : String(error) };
    }
  });
}

/** The addresses of the legs' jobs. They are optional: without them, the summary has no links. */
async function linksTo(planned: PlannedLegs | null): Promise<ReadonlyMap<string, string>> {
  const token = core.getInput('github-token');
  if (planned === null || planned.legs.length === 0 || token === '') return new Map();
  try {
    return jobUrls(planned.legs, await new WorkflowRuns(process.env, token, LINKS_MS).ownJobs());
  } catch (error) {
    info(`The summary has no links to jobs: ${error instanceof Error ? error.message : String(error)}`);
    return new Map();
  }
}

guardAction();
void main().catch(failAction).finally(endProcess);
