import { Field } from '../../formats/json-field.js';
import type { Leg } from '../legs/leg.js';
import { readLegHead, readLegLabels } from '../legs/matrix.js';
import type { BaseFrom, Plan } from './plan.js';

/** The version of the plan file's schema (docs/plan-file.md); a reader refuses any other. */
export const PLAN_VERSION = 1;

/** The name of the plan file inside its artifact. */
export const PLAN_FILE_NAME = 'plan.json';

/** The plan as the JSON value that the plan file and `--json` contain. */
export function planToJson(plan: Plan): Readonly<Record<string, unknown>> {
  return {
    version: PLAN_VERSION,
    base: plan.base,
    baseFrom: plan.baseFrom,
    head: plan.head,
    everything: plan.everything,
    nothingToDo: plan.nothingToDo,
    changes: plan.changes.map(({ path, status }) => ({ path, status })),
    affected: plan.affected,
    always: plan.always,
    test: plan.test,
    build: plan.build,
    release: plan.release,
    excluded: plan.excluded,
    problems: plan.problems,
    legs: plan.legs,
    timings: plan.timings,
  };
}

/** The indentation of JSON: none for programs, two spaces for people. */
type Indentation = '' | '  ';

/** The plan as JSON text, in pieces, because the text of a large plan exceeds the longest string that is possible. */
export function* planFileContent(plan: Plan, indentation: Indentation = ''): Generator<string> {
  yield* jsonPieces(planToJson(plan), indentation);
}

/**
 * A plan file with only what the jobs after the plan read, for a plan that is too large for an artifact that all of
 * them download. The lists that these jobs do not read are null, and `affectedCount` contains the length of `affected`.
 */
export function* smallPlanFileContent(plan: Plan): Generator<string> {
  const left = Object.fromEntries(LISTS_NOT_READ.map((name) => [name, null]));
  yield* jsonPieces({ ...planToJson(plan), ...left, affectedCount: plan.affected.length }, '');
}

/** The lists that the jobs after the plan do not read: `legs` contains the same, or they are only for people. */
const LISTS_NOT_READ = ['changes', 'affected', 'test', 'build', 'release', 'excluded'] as const;

/** An object as `JSON.stringify` writes it, with its lists written item by item. */
function* jsonPieces(object: Readonly<Record<string, unknown>>, indentation: Indentation): Generator<string> {
  const lineAt = (depth: number): string => (indentation === '' ? '' : `\n${indentation.repeat(depth)}`);
  const textAt = (depth: number, value: unknown): string =>
    JSON.stringify(value, null, indentation).replaceAll('\n', lineAt(depth));
  const colon = indentation === '' ? ':' : ': ';
  let separator = '';
  yield '{';
  for (const [name, value] of Object.entries(object)) {
    if (value === undefined) continue;
    yield `${separator}${lineAt(1)}${JSON.stringify(name)}${colon}`;
    separator = ',';
    if (!Array.isArray(value) || value.length === 0) {
      yield textAt(1, value);
      continue;
    }
    yield '[';
    for (const [at, item] of value.entries()) yield `${at === 0 ? '' : ','}${lineAt(2)}${textAt(2, item)}`;
    yield `${lineAt(1)}]`;
  }
  yield `${lineAt(0)}}`;
}

/** A file is not a plan: it is cut off, of another version, or something else. */
export class PlanFileError extends Error {
  override name = 'PlanFileError';
}

/** The part of a plan that the jobs after it read. */
export interface ReadPlan {
  /** Whether the plan looked for the last green run as its base, whether or not there was one. */
  readonly isFromGreenRun: boolean;
  readonly everything: Plan['everything'];
  readonly nothingToDo: Plan['nothingToDo'];
  /** The number of affected targets. */
  readonly affectedCount: number;
  readonly legs: readonly Leg[];
  /** Sentences that make the verdict a failure, whatever the outcome of the legs. */
  readonly problems: readonly string[];
}

/**
 * Parses the parts of a plan file that the jobs after the plan use.
 *
 * @throws PlanFileError if it is cut off, of another version, or not a plan
 */
export function parsePlan(content: string): ReadPlan {
  const root = Field.parse(content, (message, cause) => new PlanFileError(message, { cause }));
  const version = root.at('version');
  if (version.value !== PLAN_VERSION) {
    throw new PlanFileError(
      `it has version ${version.shown()}, and this program reads version ${PLAN_VERSION}: ` +
        'let all jobs of a run use the same version of bazel-affected',
    );
  }
  return {
    isFromGreenRun: root.at('baseFrom').value === ('last green run' satisfies BaseFrom),
    everything: root.at('everything').orNull(readReason),
    // Plans of earlier releases with version 1 have neither this field nor `problems`.
    nothingToDo:
      root.at('nothingToDo').value === undefined ? null : root.at('nothingToDo').orNull(readReason),
    affectedCount: countOfAffected(root),
    legs: root.at('legs').list().map(readLeg),
    problems: root.at('problems').value === undefined ? [] : texts(root.at('problems')),
  };
}

function countOfAffected(root: Field): number {
  const affected = root.at('affected');
  return affected.value === null ? root.at('affectedCount').count(0) : affected.list().length;
}

function readReason(field: Field): { readonly reason: string } {
  return { reason: field.at('reason').text() };
}

function texts(list: Field): string[] {
  return list.list().map((text) => text.text());
}

function readLeg(leg: Field): Leg {
  return { ...readLegHead(leg, 'runsOn'), ...readLegLabels(leg) };
}
