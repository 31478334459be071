import type { Leg } from './leg.js';

/** A job of a run, with what tells whether it released something. */
export interface RunJob {
  /** The name that GitHub shows: the names of calling jobs come first, separated by ` / `. */
  readonly name: string;
  /** Whether a runner ever took the job. */
  readonly started: boolean;
  readonly steps: readonly { readonly name: string; readonly conclusion: string | null }[];
  /** Null while the job has not ended. */
  readonly conclusion: string | null;
  /** When a runner took it, in milliseconds since 1970; null if none has, or that is unknown. */
  readonly began: number | null;
  /** When it ended, in milliseconds since 1970; null if it has not, or that is unknown. */
  readonly ended: number | null;
  /** The attempt of the run that the job belongs to; null if unknown. */
  readonly attempt: number | null;
}

/**
 * The name of the job that releases a leg, in this project's workflow. A workflow that uses the actions directly must
 * use the same name.
 */
export function releaseJobName(leg: Pick<Leg, 'name'>): string {
  return `release ${leg.name}`;
}

/** The name of the leg that a job releases, as far as GitHub shows it; null if it is another job. */
export function releasedLegName({ name }: Pick<RunJob, 'name'>): string | null {
  return /(?:^| \/ )release (.*)$/.exec(name)?.[1] ?? null;
}

/** Whether a leg's name does not identify its targets: there are several, or the name was shortened. */
export function isCut(legName: string): boolean {
  return /^…| \+ \d+ more| \(\d+\)$/.test(legName);
}

/** The names of the steps that test and release in this project's workflow. */
export const OWN_TESTS_STEP = 'Own tests';
const RELEASE_STEP = 'Release';

/** Whether a job certainly ended without its releases, because own tests did not pass. */
export function isWithheld({ conclusion, steps }: RunJob): boolean {
  const ofRelease = steps.filter(({ name }) => name === RELEASE_STEP);
  const haveFailed = steps.some(({ name, conclusion: end }) => name === OWN_TESTS_STEP && end === 'failure');
  return (
    conclusion === 'failure' && haveFailed && ofRelease.length === 1 && ofRelease[0]?.conclusion === 'skipped'
  );
}
