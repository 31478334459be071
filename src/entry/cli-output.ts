import { writePieces } from '../adapters/disk/write-pieces.js';
import type { Plan, PlanContext } from '../plan/file/plan.js';
import { planFileContent } from '../plan/file/plan-file.js';
import { MODES, type Mode } from '../plan/legs/leg.js';
import { matricesOf, type Matrices } from '../plan/legs/matrix.js';
import { labelLines, outputLines, planOutputs } from '../plan/report/plan-outputs.js';
import { planText } from '../plan/report/plan-text.js';
import { InputError } from '../text/input-error.js';
import type { CliOptions } from './cli-options.js';
import { errorMessage } from './expected-errors.js';
import { print, printPieces, printTexts } from './terminal.js';

const FORMATS = ['text', 'json', 'label', 'label0', 'matrix', 'github'] as const;
type Format = (typeof FORMATS)[number];

/** The formats that can be about one mode alone. */
const OF_MODES: readonly Format[] = ['label', 'label0', 'matrix'];

/** How a plan is printed. */
export interface PlanOutput {
  readonly format: Format;
  /** The mode whose targets are printed; null for all. */
  readonly only: Mode | null;
  /** The file that gets the result; null for standard output. */
  readonly file: string | null;
}

/** @throws InputError if the options do not fit together */
export function planOutputOf({ json, output, only, outputFile }: CliOptions): PlanOutput {
  const chosen = json === true ? 'json' : output;
  if (json === true && output !== undefined && output !== 'json')
    throw new InputError('output', String(output), { problem: 'cannot be combined with --json' });
  const format = FORMATS.find((each) => each === (chosen ?? 'text'));
  if (format === undefined) throw new InputError('output', String(output), FORMATS.join(', '));
  const mode = only === undefined ? null : MODES.find((each) => each === only);
  if (mode === undefined) throw new InputError('only', String(only), MODES.join(', '));
  if (mode !== null && !OF_MODES.includes(format))
    throw new InputError('only', mode, { problem: `counts only with --output ${OF_MODES.join(', ')}` });
  return { format, only: mode, file: typeof outputFile === 'string' ? outputFile : null };
}

/** @throws InputError if the file cannot be written */
export function showPlan(plan: Plan, context: PlanContext, { format, only, file }: PlanOutput): void {
  if (file !== null) {
    try {
      writePieces(file, piecesOf(plan, context, format, only));
    } catch (error) {
      throw new InputError('output-file', file, { problem: `cannot be written: ${errorMessage(error)}` });
    }
  } else if (format === 'text') print(planText(plan, context));
  else if (format === 'json' || format === 'matrix') printPieces(piecesOf(plan, context, format, only));
  else printTexts(piecesOf(plan, context, format, only));
}

function piecesOf(plan: Plan, context: PlanContext, format: Format, only: Mode | null): Iterable<string> {
  switch (format) {
    case 'text':
      return [planText(plan, context)];
    case 'json':
      return planFileContent(plan, '  ');
    case 'label':
      return labelLines(labelsOf(plan, only));
    case 'label0':
      return labelLines(labelsOf(plan, only), '\0');
    case 'matrix':
      return [JSON.stringify(matrixOf(matricesOf(plan.legs, 'outputs'), only))];
    case 'github':
      return outputLines(planOutputs(plan, context, matricesOf(plan.legs)));
  }
}

function labelsOf(plan: Plan, only: Mode | null): ReadonlySet<Plan['test'][number]> {
  return new Set((only === null ? MODES : [only]).flatMap((mode) => plan[mode]));
}

function matrixOf(matrices: Matrices, only: Mode | null): Matrices['all'] {
  return only === null ? matrices.all : matrices[only];
}
