import type { Label } from '../../graph/label.js';
import { Field } from '../../formats/json-field.js';
import { MODES, type Leg, type Mode, type RunsOn } from './leg.js';
import { bytesOfToJson, MOST_INPUT_BYTES, MOST_OUTPUT_UNITS, OTHER_OUTPUTS } from './size-limits.js';

/** One entry of a matrix: an item of `strategy.matrix.include`, and the input `leg` of the run action. */
export interface MatrixEntry {
  readonly name: string;
  readonly mode: Mode;
  readonly 'runs-on': Leg['runsOn'];
  /**
   * Absent if the matrices would be too large with targets. The leg then finds its targets in the plan file, by
   * `index`.
   */
  readonly targets?: readonly Label[];
  /** The leg's position among the plan's legs, from 0. */
  readonly index: number;
}

/** A complete value of `strategy.matrix`. */
export interface Matrix {
  readonly include: readonly MatrixEntry[];
}

/** The matrix of all legs and one for each mode. */
export interface Matrices {
  readonly all: Matrix;
  readonly test: Matrix;
  readonly build: Matrix;
  readonly release: Matrix;
}

/** The legs do not fit into a matrix, even without their targets. */
export class MatrixSizeError extends Error {
  override name = 'MatrixSizeError';
}

/**
 * The limits within which entries of matrices may contain targets. `outputs`: all outputs of a job together, and each
 * entry as the input of a leg. `outputs and needs`: in addition, all together as an input that is `toJSON(needs)`.
 */
export type MatrixLimits = 'outputs' | 'outputs and needs';

/**
 * The legs as matrices, in their order. If their targets do not fit, no entry contains targets, and the legs read them
 * from the plan's artifact.
 *
 * @throws MatrixSizeError if the legs do not fit into a job's outputs even without targets
 */
export function matricesOf(legs: readonly Leg[], limits: MatrixLimits = 'outputs and needs'): Matrices {
  const whole = byMode(legs.map((leg, index) => ({ ...entryOf(leg, index), targets: leg.targets })));
  if (fitsOutputs(whole) && (limits === 'outputs' || fitsNeeds(whole))) return whole;
  const bare = byMode(legs.map(entryOf));
  if (fitsOutputs(bare)) return bare;
  throw new MatrixSizeError(
    `The names and runners of the plan's ${legs.length} jobs are longer than GitHub's limit for the outputs of a job: ` +
      'name fewer or shorter runner labels in the inputs runs-on and runners, or set a smaller max-jobs.',
  );
}

function byMode(entries: readonly MatrixEntry[]): Matrices {
  const of = (mode: Mode): Matrix => ({ include: entries.filter((entry) => entry.mode === mode) });
  return { all: { include: entries }, test: of('test'), build: of('build'), release: of('release') };
}

function entryOf(leg: Leg, index: number): MatrixEntry {
  return { name: leg.name, mode: leg.mode, 'runs-on': leg.runsOn, index };
}

/** Whether the plan can write the matrices as outputs, and each leg can start with its entry as input. */
function fitsOutputs({ all, test, build, release }: Matrices): boolean {
  const units = [all, test, build, release].reduce((sum, matrix) => sum + JSON.stringify(matrix).length, 0);
  if (units + OTHER_OUTPUTS > MOST_OUTPUT_UNITS) return false;
  return all.include.every((entry) => 'INPUT_LEG='.length + bytesOfToJson(entry) <= MOST_INPUT_BYTES);
}

/** Whether a job that needs the plan and the jobs of all modes can start with `toJSON(needs)` as input. */
function fitsNeeds({ all, test, build, release }: Matrices): boolean {
  const outputs = {
    matrix: JSON.stringify(all),
    'test-matrix': JSON.stringify(test),
    'build-matrix': JSON.stringify(build),
    'release-matrix': JSON.stringify(release),
  };
  const job = { result: 'cancelled', outputs: {} };
  const needs = { plan: { ...job, outputs }, test: job, build: job, release: job };
  return 'INPUT_NEEDS='.length + bytesOfToJson(needs) + OTHER_OUTPUTS <= MOST_INPUT_BYTES;
}

/** A text is not an entry of a matrix as JSON. */
export class MatrixEntryError extends Error {
  override name = 'MatrixEntryError';
}

/**
 * Parses an entry of a matrix, as a job gets it from `toJSON(matrix)`.
 *
 * @throws MatrixEntryError if it is something else
 */
export function parseMatrixEntry(json: string): MatrixEntry {
  const entry = Field.parse(json, (message, cause) => new MatrixEntryError(message, { cause }));
  const { name, mode, runsOn } = readLegHead(entry, 'runs-on');
  const head = { name, mode, 'runs-on': runsOn, index: entry.at('index').count(0) };
  if (entry.at('targets').value === undefined) return head;
  return {
    ...head,
    targets: entry
      .at('targets')
      .list()
      .map((target) => target.label()),
  };
}

/** Reads all fields of a leg except its targets; `runsOnKey` is the name of the field with its runner. */
export function readLegHead(leg: Field, runsOnKey: 'runsOn' | 'runs-on'): Omit<Leg, 'targets'> {
  return {
    name: leg.at('name').text(),
    mode: leg.at('mode').oneOf(MODES),
    runsOn: readRunsOn(leg.at(runsOnKey)),
  };
}

function readRunsOn(field: Field): RunsOn {
  return typeof field.value === 'string' ? field.text() : field.list().map((label) => label.text());
}
