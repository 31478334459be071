/** What a run prints: misses with what makes them again, and how precise the plans were. */
import type { Judged, Place } from './chain.js';
import type { Planned } from './planner.js';

export function replayOf({ seed, workspace, edit, takenBack }: Place): string {
  return [`${seed}/${workspace}/${edit}`, ...takenBack].join('~');
}

/** @throws where the text names no edit */
export function placeOf(text: string): Place {
  const [numbers = '', ...takenBack] = text.split('~');
  const [seed, workspace, edit, ...rest] = numbers.split('/').map(Number);
  if (
    seed === undefined ||
    workspace === undefined ||
    !edit ||
    rest.length > 0 ||
    [seed, workspace].some(Number.isNaN)
  )
    throw new Error(`--replay takes SEED/WORKSPACE/EDIT, then ~NUMBER for each edit taken back, not ${text}`);
  return { seed, workspace, edit, takenBack: takenBack.map(Number) };
}

/** One line about an edit. */
export function lineOf(judged: Judged): string {
  const { place, kinds, loads, takenBack, ran, tests, plan, misses, unconfirmed, seconds } = judged;
  return [
    misses.length > 0 ? 'MISS' : 'ok  ',
    replayOf(place).padEnd(12),
    loads ? `ran ${ran.length}, planned ${plannedOf(plan)} of ${tests}` : 'does not load',
    ...(loads && takenBack ? ['breaks a target'] : []),
    `oracle ${seconds.oracle.toFixed(1)} s, plan ${seconds.plans.toFixed(1)} s`,
    kinds.join(' + '),
    ...('plan' in plan && plan.plan.everything !== undefined ? [`everything: ${plan.plan.everything}`] : []),
    ...misses.map(({ label, from, why }) => `\n       ${label} is missing in ${from}: ${why}`),
    ...unconfirmed.map(
      ({ label, from, why }) => `\n       not confirmed by a fresh Bazel: ${label} in ${from}: ${why}`,
    ),
  ].join('  ');
}

function plannedOf(plan: Planned): string {
  return 'error' in plan ? 'nothing (the plan failed)' : String(plan.plan.test.length);
}

interface Row {
  edits: number;
  idle: number;
  everything: number;
  planned: number;
  ran: number;
}

/** Precision of single edits by kind, as a Markdown table, and totals. */
export function summaryOf(all: readonly Judged[]): string {
  const sound = all.filter(({ loads }) => loads);
  const single = sound.filter(({ kinds }) => kinds.length === 1);
  const rows = new Map<string, Row>();
  const reasons = new Map<string, number>();
  for (const judged of single) {
    for (const kind of [judged.kinds[0] ?? '', 'all single edits']) {
      const row = rows.get(kind) ?? { edits: 0, idle: 0, everything: 0, planned: 0, ran: 0 };
      rows.set(kind, row);
      count(row, judged);
    }
    const reason = reasonOf(judged.plan);
    const line = `${judged.kinds[0] ?? ''}: ${reason ?? ''}`;
    if (reason !== undefined) reasons.set(line, (reasons.get(line) ?? 0) + 1);
  }
  const table = [...rows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, row]) => [kind, row.edits, row.idle, row.everything, row.planned, row.ran, ratio(row)]);
  const head = [
    'kind of a single edit',
    'edits',
    'nothing ran',
    'everything',
    'planned',
    'ran',
    'planned / ran',
  ];
  const active = sound.filter(({ ran }) => ran.length > 0).length;
  const workspaces = new Set(all.map(({ place }) => `${place.seed}/${place.workspace}`)).size;
  return [
    'Precision, outside of "everything": tests that were planned, and tests that Bazel ran again.',
    '',
    ...[head, head.map(() => '---'), ...table].map((cells) => `| ${cells.join(' | ')} |`),
    '',
    'Why single edits affected everything:',
    ...[...reasons]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([line, times]) => `  ${times} × ${line}`),
    '',
    `${all.length} edits over ${workspaces} workspaces: ${active} with a test that ran again, ` +
      `${sound.length - active} without, ${all.length - sound.length} that do not load, ` +
      `${sound.filter(({ takenBack }) => takenBack).length} that break a target.`,
    `Plans without snapshots: ${all.filter(({ planWithoutSnapshots }) => planWithoutSnapshots !== undefined).length}.`,
    `Seconds per edit: oracle ${mean(all, 'oracle')}, plans ${mean(all, 'plans')}.`,
    `Misses: ${all.filter(({ misses }) => misses.length > 0).length} edits. ` +
      `Not confirmed by a fresh Bazel: ${all.filter(({ unconfirmed }) => unconfirmed.length > 0).length}.`,
  ].join('\n');
}

function count(row: Row, { plan, ran }: Judged): void {
  row.edits += 1;
  if (ran.length === 0) row.idle += 1;
  if ('error' in plan) return;
  if (plan.plan.everything !== undefined) row.everything += 1;
  else {
    row.planned += plan.plan.test.length;
    row.ran += ran.length;
  }
}

function ratio({ planned, ran }: Row): string {
  return ran === 0 ? '–' : (planned / ran).toFixed(2);
}

function reasonOf(plan: Planned): string | undefined {
  return 'error' in plan ? undefined : plan.plan.everything;
}

function mean(all: readonly Judged[], of: 'oracle' | 'plans'): string {
  return (all.reduce((sum, { seconds }) => sum + seconds[of], 0) / Math.max(1, all.length)).toFixed(1);
}
