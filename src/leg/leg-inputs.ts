import { splitWords } from '../formats/rc.js';
import { isPlanArtifact } from '../plan/file/artifact-names.js';
import { MatrixEntryError, parseMatrixEntry, type MatrixEntry } from '../plan/legs/matrix.js';
import { isSecret } from '../text/secret-forms.js';
import { InputError } from '../text/input-error.js';
import { parseWorkspace, splitOptions } from '../plan/plan-inputs.js';

/** The inputs of the run action. */
export const LEG_INPUTS = [
  'leg',
  'part',
  'plan-artifact',
  'workspace',
  'bazel',
  'startup-options',
  'bazel-flags',
  'test-flags',
  'build-flags',
  'release-flags',
  'bazelrc',
  'secret-bazelrc',
  'environment',
  'release-force',
  'github-token',
] as const;

/** What of a leg of releases a step does: its own tests, the releases, or both. */
export type LegPart = 'all' | 'own-tests' | 'release';

const LEG_PARTS: readonly LegPart[] = ['all', 'own-tests', 'release'];

export type LegInputName = (typeof LEG_INPUTS)[number];

/** The run action's inputs, after they have been checked. */
export interface LegInputs {
  readonly entry: MatrixEntry;
  readonly part: LegPart;
  /** Null: the matrix entry itself names the leg's targets, and the result is not stored as an artifact. */
  readonly planArtifact: string | null;
  /** Relative to the repository, `''` for its root. */
  readonly workspace: string;
  readonly bazel: string;
  readonly startupOptions: readonly string[];
  /** The options for the leg's mode: first those for all modes, then those of the mode. */
  readonly flags: readonly string[];
  /** The options for tests, in the same order. */
  readonly testFlags: readonly string[];
  readonly rcLines: readonly string[];
  /** Variables for Bazel's environment; the values are secret. */
  readonly environment: ReadonlyMap<string, string>;
  /** Texts that must not appear in a log, a summary or an artifact. Those too short to be secret are left out. */
  readonly secrets: readonly string[];
  /** Whether a release is made also if the same content was released last. */
  readonly releaseForce: boolean;
  /** If empty, no requests to GitHub are made. */
  readonly githubToken: string;
}

/**
 * Checks all inputs.
 *
 * @throws InputError for the first one that is invalid
 */
export function parseLegInputs(read: (name: LegInputName) => string): LegInputs {
  const entry = parseEntry(read('leg'));
  const flags = (name: 'bazel-flags' | `${MatrixEntry['mode']}-flags`): string[] =>
    splitOptions(name, read(name));
  const secretLines = linesOf(read('secret-bazelrc'));
  const environment = parseEnvironment(read('environment'));
  const githubToken = read('github-token').trim();
  return {
    entry,
    part: parsePart(read('part'), entry),
    planArtifact: parsePlanArtifact(read('plan-artifact')),
    workspace: parseWorkspace(read('workspace')),
    bazel: read('bazel').trim() || 'bazel',
    startupOptions: splitOptions('startup-options', read('startup-options')),
    flags: [...flags('bazel-flags'), ...flags(`${entry.mode}-flags`)],
    testFlags: [...flags('bazel-flags'), ...flags('test-flags')],
    rcLines: [...linesOf(read('bazelrc')), ...secretLines],
    environment,
    releaseForce: parseFlag('release-force', read('release-force')),
    secrets: [...environment.values(), ...secretLines.flatMap(secretsIn), githubToken].filter(isSecret),
    githubToken,
  };
}

/** @returns null if there is none */
export function parsePlanArtifact(text: string): string | null {
  if (text === '') return null;
  if (isPlanArtifact(text)) return text;
  throw new InputError('plan-artifact', text, 'the output artifact of the plan action, or nothing');
}

function parsePart(text: string, { mode }: MatrixEntry): LegPart {
  const part = LEG_PARTS.find((each) => each === (text.trim() || 'all'));
  if (part === undefined) throw new InputError('part', text, LEG_PARTS.join(', '));
  if (part !== 'all' && mode !== 'release')
    throw new InputError('part', text, {
      problem: `is only for legs that release, and this one is to ${mode}`,
    });
  return part;
}

function parseFlag(name: LegInputName, text: string): boolean {
  const value = text.trim() || 'false';
  if (value !== 'true' && value !== 'false') throw new InputError(name, text, 'true or false');
  return value === 'true';
}

function parseEntry(text: string): MatrixEntry {
  try {
    return parseMatrixEntry(text);
  } catch (error) {
    if (!(error instanceof MatrixEntryError)) throw error;
    throw new InputError(
      'leg',
      text.slice(0, 200),
      `\${{ toJSON(matrix) }} of a job with the plan's matrix (${error.message})`,
    );
  }
}

function parseEnvironment(text: string): Map<string, string> {
  return new Map(
    linesOf(text).map((line, at) => {
      const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/s.exec(line) ?? [];
      // The line may contain a secret, so the error names its number instead.
      if (name === undefined || value === undefined) {
        throw new InputError('environment', `line ${at + 1}`, 'lines NAME=value');
      }
      return [name, value];
    }),
  );
}

/**
 * The secrets in a line of options: the line itself and the values of its options. `--remote_header=x-api-key=KEY`
 * gives `x-api-key=KEY` and `KEY`, a value of two words also gives its last one (`Bearer KEY`), and a URL its password.
 */
function secretsIn(line: string): string[] {
  const values = splitWords(line)
    .filter((word) => word.startsWith('-'))
    .flatMap((word) => {
      const [, ...parts] = word.split('=');
      return parts.map((_, at) => parts.slice(at).join('='));
    });
  const inner = values.flatMap((value) => [
    /\s(\S+)$/.exec(value)?.[1] ?? '',
    URL.parse(value)?.password ?? '',
  ]);
  return [line, ...values, ...inner];
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
