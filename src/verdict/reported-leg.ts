import type { LegResult } from '../leg/result/leg-result.js';

/** A result file: its content, or why it cannot be read. */
export type ReportedLeg =
  | { readonly source: string; readonly result: LegResult }
  | { readonly source: string; readonly error: string };

/** A readable result file. */
export type ReadReport = Extract<ReportedLeg, { result: LegResult }>;

/** Selects the last attempt of each leg that was run again. A note names each earlier attempt. */
export function latestAttempts(reports: readonly ReportedLeg[]): {
  readonly current: readonly ReadReport[];
  readonly notes: readonly string[];
} {
  const read = reports.filter((report): report is ReadReport => 'result' in report);
  const latest = new Map<string, number>();
  const keyOf = ({ result: { leg } }: ReadReport) => JSON.stringify([leg.mode, leg.name]);
  for (const report of read) {
    latest.set(keyOf(report), Math.max(latest.get(keyOf(report)) ?? 0, report.result.leg.attempt));
  }
  const isLatest = (report: ReadReport) => report.result.leg.attempt === latest.get(keyOf(report));
  return {
    current: read.filter(isLatest),
    notes: read
      .filter((report) => !isLatest(report))
      .map(
        ({ result: { leg, status } }) =>
          `The leg ${leg.name} ${status} in attempt ${leg.attempt} and was run again: its later attempt counts.`,
      ),
  };
}
