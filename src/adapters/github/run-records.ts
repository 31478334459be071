import type { Field } from '../../formats/json-field.js';
import type { CommitId } from '../../graph/tree.js';

/** A job of a run. */
export interface Job {
  /** As GitHub shows it: with the names of the calling jobs before it, ` / ` between them. */
  readonly name: string;
  /** Whether a runner ever took it. */
  readonly started: boolean;
  /** Null while it is not over. */
  readonly conclusion: string | null;
  readonly url: string | null;
  readonly runner: string | null;
  /** The attempt of the run that it belongs to; null if it is not known. */
  readonly attempt: number | null;
}

/** A run of the workflow for a branch or tag. */
export interface Run {
  readonly id: number;
  /** Higher for a later push: a run keeps its number when it is run again. */
  readonly number: number;
  readonly event: string;
  readonly commit: CommitId;
  /** Null while it is not over. */
  readonly conclusion: string | null;
  readonly url: string;
}

/** Reads what GitHub says of a run. @throws what the field throws if it is something else */
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

/** Reads what GitHub says of a job. @throws what the field throws if it is something else */
export function readJob(job: Field): Job {
  const runner = job.at('runner_name').orNull((name) => name.text());
  return {
    name: job.at('name').text(),
    // A job that waits for its turn, was skipped, or was cancelled before has no runner.
    started: (runner ?? '') !== '',
    conclusion: job.at('conclusion').orNull((conclusion) => conclusion.text()),
    // Only for links.
    url: job.at('html_url').value === undefined ? null : job.at('html_url').orNull((url) => url.text()),
    runner,
    attempt: job.at('run_attempt').value === undefined ? null : job.at('run_attempt').count(1),
  };
}
