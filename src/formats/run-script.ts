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
 * @returns null if it has another form
 */
export function parseRunScript(script: string, workspace: string): RunScript | null {
  const line = /^cd (.+) && \\$/m.exec(script)?.[1];
  const folder = line === undefined ? undefined : splitWords(line)[0];
  const [, runfiles, program] = /^((\/.+)\.runfiles)(\/|$)/.exec(folder ?? '') ?? [];
  if (runfiles === undefined || program === undefined) return null;
  const [outputBase] = /^.*?(?=\/execroot\/)/.exec(program) ?? [];
  const places = [outputBase ?? '', workspace].filter((place) => place !== '');
  const text = places.reduce((found, place, at) => found.replaceAll(place, `<place ${at}>`), script);
  return { runfiles, program, text };
}
