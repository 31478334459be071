import type { Field } from '../../formats/json-field.js';
import type { CommitId } from '../../graph/tree.js';

/** A job of a run. */
export interface Job {
  /** The name that GitHub shows: the names of calling jobs come first, separated by ` / `. */
  readonly name: string;
  /** Whether a runner ever took the job. */
  readonly started: boolean;
  /** Its steps, in their order, as far as they are known. */
  readonly steps: readonly JobStep[];
  /** Null while the job has not ended. */
  readonly conclusion: string | null;
  /** When a runner took it, in milliseconds since 1970; null if none has, or that is unknown. */
  readonly began: number | null;
  /** When it ended, in milliseconds since 1970; null if it has not, or that is unknown. */
  readonly ended: number | null;
  readonly url: string | null;
  readonly runner: string | null;
  /** The attempt of the run that the job belongs to; null if unknown. */
  readonly attempt: number | null;
}

/** A step of a job. */
export interface JobStep {
  readonly name: string;
  /** Null while the step has not ended. */
  readonly conclusion: string | null;
}

/** A run of the workflow for a branch or tag. */
export interface Run {
  readonly id: number;
  /** Higher for a later push. A run keeps its number when it is run again. */
  readonly number: number;
  readonly event: string;
  readonly commit: CommitId;
  /** Null while the run has not ended. */
  readonly conclusion: string | null;
  readonly url: string;
}

/** Reads GitHub's description of a run. @throws what the field throws if it is something else */
export function readRun(run: Field): Run {
  return {
    id: run.at('id').count(1),
    number: run.at('run_number').count(1),
    event: run.at('event').text(),
    commit: run.at('head_sha').commitId(),
    conclusion: run.at('conclusion').orNull((conclusion) => conclusion.text()),
    url: run.at('html_url').text(),
  };
}

/** Reads GitHub's description of a job. @throws what the field throws if it is something else */
export function readJob(job: Field): Job {
  const runner = job.at('runner_name').orNull((name) => name.text());
  return {
    name: job.at('name').text(),
    // A job has no runner if it is waiting, was skipped, or was cancelled before it started.
    started: (runner ?? '') !== '',
    steps: job.at('steps').value === undefined ? [] : job.at('steps').list().map(readStep),
    conclusion: job.at('conclusion').orNull((conclusion) => conclusion.text()),
    began: timeAt(job, 'started_at'),
    ended: timeAt(job, 'completed_at'),
    // The address is used only for links.
    url: job.at('html_url').value === undefined ? null : job.at('html_url').orNull((url) => url.text()),
    runner,
    attempt: job.at('run_attempt').value === undefined ? null : job.at('run_attempt').count(1),
  };
}

function timeAt(job: Field, name: string): number | null {
  return job.at(name).value === undefined ? null : job.at(name).orNull(timeIn);
}

function timeIn(field: Field): number {
  const time = Date.parse(field.text());
  if (Number.isNaN(time)) throw field.unlike('a time');
  return time;
}

function readStep(step: Field): JobStep {
  return {
    name: step.at('name').text(),
    conclusion: step.at('conclusion').orNull((conclusion) => conclusion.text()),
  };
}
