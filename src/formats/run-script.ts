import { splitWords } from './rc.js';

/** What a script of `bazel run --script_path` starts. */
export interface RunScript {
  /** The folder with the runfiles of the program, absolute. */
  readonly runfiles: string;
  /** The program itself, absolute. */
  readonly program: string;
  /** The script without what depends on the machine: where the workspace is, and where Bazel builds. */
  readonly text: string;
}

/**
 * Reads a script of `bazel run --script_path`. Its second line goes to the folder in which the program runs, which lies in
 * its runfiles (seen in Bazel 7.7.1).
 *
 * @param workspace the root of the workspace, absolute
 * @returns null if it has another form, as with `--run_under`
 */
export function parseRunScript(script: string, workspace: string): RunScript | null {
  const line = /^cd (.+) && \\$/m.exec(script)?.[1];
  const folder = line === undefined ? undefined : splitWords(line)[0];
  const [, runfiles, program] = /^((\/.+)\.runfiles)(\/|$)/.exec(folder ?? '') ?? [];
  if (runfiles === undefined || program === undefined) return null;
  const [outputBase] = /^.*?(?=\/execroot\/)/.exec(program) ?? [];
  if (!startsProgram(script, program)) return null;
  const places = [outputBase ?? '', workspace].filter((place) => place !== '');
  const text = places.reduce((found, place, at) => found.replaceAll(place, `<place ${at}>`), script);
  return { runfiles, program, text };
}

/** Whether the last command is the program itself, after the variables that are set and unset for it. */
function startsProgram(script: string, program: string): boolean {
  const parts = script.split(/ \\\n/).map((line) => splitWords(line.trim()));
  const command = parts.findIndex((words) => words[0] === 'exec' && words[1] === 'env');
  const isVariable = ([word = '']: readonly string[]): boolean =>
    word === '-u' || /^[A-Za-z_]\w*=/.test(word);
  const started = parts.slice(command + 1).find((words) => !isVariable(words));
  return command !== -1 && started?.[0] === program;
}
