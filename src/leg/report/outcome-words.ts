import type { Outcome, OutcomeKind } from '../result/outcome.js';

/** The sign of an outcome in a table. */
export const OUTCOME_SIGN: Readonly<Record<OutcomeKind, string>> = {
  cached: '✅',
  passed: '✅',
  built: '✅',
  released: '✅',
  unchanged: '⏭️',
  superseded: '⏭️',
  incompatible: '⏭️',
  flaky: '⚠️',
  withheld: '⏸️',
  'no status': '❔',
  'failed to build': '❌',
  'timed out': '❌',
  'failed to release': '❌',
  failed: '❌',
};

/** An outcome in a few words, with the numbers of attempts and shards if there are several. */
export function describeOutcome(outcome: Outcome): string {
  if (!('attempts' in outcome)) return outcome.kind;
  const details = [
    ...(outcome.attempts > 1 ? [`${outcome.attempts} attempts`] : []),
    ...(outcome.shards > 1 ? [`${outcome.shards} shards`] : []),
  ];
  return details.length === 0 ? outcome.kind : `${outcome.kind} (${details.join(', ')})`;
}

/** A duration for a person: `0.4 s`, `12 s`, `3 min 5 s`, `2 h 7 min`; `–` if unknown. */
export function formatDuration(milliseconds: number | null): string {
  if (milliseconds === null) return '–';
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
