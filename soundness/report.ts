/** What a run prints: misses with what makes them again, and how precise the plans were. */
import type { Judged, Place } from './chain.js';
import { EXTERNAL_PREFIX } from './externals/edits.js';
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
  misses: number;
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
    const sums = ['all single edits', ...(isOfExternals(judged) ? ['all single edits of externals'] : [])];
    for (const kind of [judged.kinds[0] ?? '', ...sums]) {
      const row = rows.get(kind) ?? { edits: 0, misses: 0, idle: 0, everything: 0, planned: 0, ran: 0 };
      rows.set(kind, row);
      count(row, judged);
    }
    const reason = reasonOf(judged.plan);
    const line = `${judged.kinds[0] ?? ''}: ${reason ?? ''}`;
    if (reason !== undefined) reasons.set(line, (reasons.get(line) ?? 0) + 1);
  }
  const table = [...rows]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([kind, row]) => [
      kind,
      row.edits,
      row.misses,
      row.idle,
      row.everything,
      row.planned,
      row.ran,
      ratio(row),
    ]);
  const head = [
    'kind of a single edit',
    'edits',
    'with misses',
    'nothing ran',
    'everything',
    'planned',
    'ran',
    'planned / ran',
  ];
  const active = sound.filter(({ ran }) => ran.length > 0).length;
  const ofExternals = sound.filter(isOfExternals);
  const missed = all.filter(({ misses }) => misses.length > 0);
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
    `${ofExternals.length} edits changed only what externals read: ` +
      `${ofExternals.filter(({ ran }) => ran.length > 0).length} made a test run again, ` +
      `${ofExternals.filter(({ misses }) => misses.length > 0).length} with misses.`,
    `Plans without snapshots: ${all.filter(({ planWithoutSnapshots }) => planWithoutSnapshots !== undefined).length}.`,
    `Seconds per edit: oracle ${mean(all, 'oracle')}, plans ${mean(all, 'plans')}.`,
    `Misses: ${missed.length} edits. ` +
      `Not confirmed by a fresh Bazel: ${all.filter(({ unconfirmed }) => unconfirmed.length > 0).length}.`,
    ...missed.map(({ place, kinds }) => `  --replay ${replayOf(place)}  ${kinds.join(' + ')}`),
  ].join('\n');
}

/** Whether an edit changed only what extensions, repository rules and other repositories read. */
export function isOfExternals({ kinds }: Pick<Judged, 'kinds'>): boolean {
  return kinds.every((kind) => kind.startsWith(EXTERNAL_PREFIX));
}

function count(row: Row, { plan, ran, misses }: Judged): void {
  row.edits += 1;
  if (misses.length > 0) row.misses += 1;
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
