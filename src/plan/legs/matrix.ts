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
  /**
   * The tests that a leg of releases runs first, or that the plan has them. Absent if it runs none. Only entries of
   * `earlyRelease` have it: a job with another matrix may wait for the tests itself.
   */
  readonly 'own-tests'?: readonly Label[] | typeof IN_THE_PLAN;
  /** The leg's position among the plan's legs, from 0. */
  readonly index: number;
}

const IN_THE_PLAN = 'in the plan';

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
  /** The releases that wait for no test but those that their own legs run. */
  readonly earlyRelease: Matrix;
  /** The releases that wait for all tests of the run. */
  readonly lateRelease: Matrix;
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
  const whole = byMode(legs, 'whole');
  if (fitsOutputs(whole) && (limits === 'outputs' || fitsNeeds(whole))) return whole;
  const bare = byMode(legs, 'bare');
  if (fitsOutputs(bare)) return bare;
  throw new MatrixSizeError(
    `The names and runners of the plan's ${legs.length} jobs are longer than GitHub's limit for the outputs of a job: ` +
      'name fewer or shorter runner labels in the inputs runs-on and runners, or set a smaller max-jobs.',
  );
}

/** @param form with labels, or without, so that legs read them from the plan */
function byMode(legs: readonly Leg[], form: 'whole' | 'bare'): Matrices {
  const entries = legs.map((leg, index) => ({
    leg,
    entry: { ...entryOf(leg, index), ...(form === 'whole' ? { targets: leg.targets } : {}) },
  }));
  const of = (isOf: (leg: Leg) => boolean): Matrix => ({
    include: entries.filter(({ leg }) => isOf(leg)).map(({ entry }) => entry),
  });
  const early = entries.filter(({ leg }) => leg.mode === 'release' && leg.waitsForTests !== true);
  return {
    all: of(() => true),
    test: of(({ mode }) => mode === 'test'),
    build: of(({ mode }) => mode === 'build'),
    release: of(({ mode }) => mode === 'release'),
    earlyRelease: { include: early.map(({ leg, entry }) => ({ ...entry, ...ownTestsIn(leg, form) })) },
    lateRelease: of(({ waitsForTests }) => waitsForTests === true),
  };
}

function ownTestsIn({ ownTests }: Leg, form: 'whole' | 'bare'): Pick<MatrixEntry, 'own-tests'> {
  if (ownTests === undefined) return {};
  return { 'own-tests': form === 'whole' ? ownTests : IN_THE_PLAN };
}

function entryOf(leg: Leg, index: number): MatrixEntry {
  return { name: leg.name, mode: leg.mode, 'runs-on': leg.runsOn, index };
}

/** Whether the plan can write the matrices as outputs, and each leg can start with its entry as input. */
function fitsOutputs({ all, test, build, release, earlyRelease, lateRelease }: Matrices): boolean {
  const units = [all, test, build, release, earlyRelease, lateRelease].reduce(
    (sum, matrix) => sum + JSON.stringify(matrix).length,
    0,
  );
  if (units + OTHER_OUTPUTS > MOST_OUTPUT_UNITS) return false;
  return [...all.include, ...earlyRelease.include].every(
    (entry) => 'INPUT_LEG='.length + bytesOfToJson(entry) <= MOST_INPUT_BYTES,
  );
}

/** Whether a job that needs the plan and the jobs of all modes can start with `toJSON(needs)` as input. */
function fitsNeeds({ all, test, build, release, earlyRelease, lateRelease }: Matrices): boolean {
  const outputs = {
    matrix: JSON.stringify(all),
    'test-matrix': JSON.stringify(test),
    'build-matrix': JSON.stringify(build),
    'release-matrix': JSON.stringify(release),
    'early-release-matrix': JSON.stringify(earlyRelease),
    'late-release-matrix': JSON.stringify(lateRelease),
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
  return {
    ...head,
    ...(entry.at('targets').value === undefined ? {} : { targets: readLabels(entry.at('targets')) }),
    ...readOwnTests(entry.at('own-tests')),
  };
}

function readOwnTests(field: Field): Pick<MatrixEntry, 'own-tests'> {
  if (field.value === undefined) return {};
  return { 'own-tests': field.value === IN_THE_PLAN ? IN_THE_PLAN : readLabels(field) };
}

function readLabels(field: Field): Label[] {
  return field.list().map((label) => label.label());
}

/** Reads the labels of a leg in the plan file, and what its releases wait for. */
export function readLegLabels(leg: Field): Pick<Leg, 'targets' | 'ownTests' | 'waitsForTests'> {
  const ownTests = leg.at('ownTests');
  return {
    targets: readLabels(leg.at('targets')),
    ...(ownTests.value === undefined ? {} : { ownTests: readLabels(ownTests) }),
    ...(leg.at('waitsForTests').value === true ? { waitsForTests: true } : {}),
  };
}

/** Reads all fields of a leg except its labels; `runsOnKey` is the name of the field with its runner. */
export function readLegHead(
  leg: Field,
  runsOnKey: 'runsOn' | 'runs-on',
): Omit<Leg, 'targets' | 'ownTests' | 'waitsForTests'> {
  return {
    name: leg.at('name').text(),
    mode: leg.at('mode').oneOf(MODES),
    runsOn: readRunsOn(leg.at(runsOnKey)),
  };
}

function readRunsOn(field: Field): RunsOn {
  return typeof field.value === 'string' ? field.text() : field.list().map((label) => label.text());
}
