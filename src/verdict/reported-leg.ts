import type { LegResult } from '../leg/result/leg-result.js';

/** A result file: what it says, or why it cannot be read. */
export type ReportedLeg =
  | { readonly source: string; readonly result: LegResult }
  | { readonly source: string; readonly error: string };

/** A result file that can be read. */
export type ReadReport = Extract<ReportedLeg, { result: LegResult }>;

/** Of a leg that was run again, only the last attempt counts; a note names each earlier one. */
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
