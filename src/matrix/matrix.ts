import type { Label } from '../graph/label.js';
import { Field } from '../json/field.js';
import { MODES, type Leg, type Mode, type RunsOn } from './leg.js';

/** One entry of a matrix: what `strategy.matrix.include` holds, and what the run action takes as `leg`. */
export interface MatrixEntry {
  readonly name: string;
  readonly mode: Mode;
  readonly 'runs-on': Leg['runsOn'];
  /** Absent where the plan does not fit into a job's outputs: then `index` names the leg in the plan file. */
  readonly targets?: readonly Label[];
  /** The leg's place among the plan's legs, from 0. */
  readonly index: number;
}

/** A complete value of `strategy.matrix`. */
export interface Matrix {
  readonly include: readonly MatrixEntry[];
}

/** GitHub counts a job's outputs as UTF-16 and cuts at 1 MB, 500,000 characters; the rest is for the other outputs. */
const MOST_OUTPUT_CHARACTERS = 400_000;

/** The matrix of all legs and one for each mode. */
export interface Matrices {
  readonly all: Matrix;
  readonly test: Matrix;
  readonly build: Matrix;
  readonly release: Matrix;
}

/** The legs as matrices, in their order, small enough for a job's outputs. */
export function matricesOf(legs: readonly Leg[]): Matrices {
  const whole = legs.map((leg, index): MatrixEntry => ({ ...entryOf(leg, index), targets: leg.targets }));
  // Every entry is put out twice: in the matrix of all legs and in that of its mode.
  const fits = 2 * JSON.stringify(whole).length <= MOST_OUTPUT_CHARACTERS;
  const entries = fits ? whole : legs.map(entryOf);
  const of = (mode: Mode): Matrix => ({ include: entries.filter((entry) => entry.mode === mode) });
  return {
    all: { include: entries },
    test: of('test'),
    build: of('build'),
    release: of('release'),
  };
}

function entryOf(leg: Leg, index: number): MatrixEntry {
  return { name: leg.name, mode: leg.mode, 'runs-on': leg.runsOn, index };
}

/** Says that a text is no entry of a matrix as JSON. */
export class MatrixEntryError extends Error {
  override name = 'MatrixEntryError';
}

/**
 * Reads an entry of a matrix: what a job has of it as `toJSON(matrix)`.
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

/** Reads what a leg is besides its targets; `runsOnKey` is where its runner stands. */
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
