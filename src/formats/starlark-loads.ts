import { fileNameOf } from '../graph/folders.js';
import type { PackagePath, WorkspacePath } from '../graph/label.js';
import { MainRepository } from '../graph/main-repository.js';
import { significantTokens, tokensOf, type Token } from './starlark-tokens.js';

/**
 * The labels in all `load(…)` statements of a BUILD, .bzl or MODULE.bazel file, as written and without duplicates. It
 * reports too many rather than too few: every call named `load` counts, and every string in its first argument.
 */
export function loadedLabels(source: string): string[] {
  const labels = new Set<string>();
  for (const argument of firstArgumentsOf(source, 'load')) {
    const strings = argument.flatMap((token) => (token.kind === 'string' ? [token.value] : []));
    for (const label of strings) labels.add(label);
    if (strings.length > 1) labels.add(strings.join(''));
  }
  return [...labels];
}

/** The tokens of the first argument of each call of the function. */
function* firstArgumentsOf(source: string, functionName: string): Generator<readonly Token[]> {
  for (const call of callsOf(source, functionName)) {
    let depth = 0;
    const argument: Token[] = [];
    for (const token of call) {
      if (token.kind === 'operator') {
        if (token.text === ',' && depth === 0) break;
        if ('([{'.includes(token.text)) depth += 1;
        if (')]}'.includes(token.text)) depth -= 1;
      }
      argument.push(token);
    }
    yield argument;
  }
}

/** The tokens between the parentheses of each call of the function, including calls inside other calls. */
function* callsOf(source: string, functionName: string): Generator<readonly Token[]> {
  if (!source.includes(functionName)) return;
  const tokens = [...tokensOf(source)];
  for (let index = 0; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'name' || token.text !== functionName) continue;
    const bracket = tokens[index + 1];
    if (bracket?.kind !== 'operator' || bracket.text !== '(') continue;
    let end = index + 2;
    for (let depth = 1; end < tokens.length; end += 1) {
      const inside = tokens[end];
      if (inside?.kind !== 'operator') continue;
      if (inside.text === '(') depth += 1;
      if (inside.text === ')') depth -= 1;
      if (depth === 0) break;
    }
    yield tokens.slice(index + 2, end);
  }
}

/** The file that a `load` statement names. */
export type LoadedFile =
  | {
      readonly kind: 'main';
      /** The package in the label. In the loaded file, `:name` is relative to it. */
      readonly packagePath: PackagePath;
      readonly path: WorkspacePath;
    }
  | {
      readonly kind: 'external';
      /** The repository's name as the loading file uses it. */
      readonly repository: string;
      /** As for a file of the main repository, but relative to the root of that repository. */
      readonly packagePath: string;
      readonly path: string;
    };

/**
 * The file that a label in a `load` statement names.
 *
 * @param text the label as written; without `//` it is relative to the package (with or without its colon)
 * @param packagePath the package of the loading file
 * @param main the repository whose files are not external
 */
export function resolveLoad(text: string, packagePath: PackagePath, main: MainRepository): LoadedFile {
  const slashes = text.indexOf('//');
  if (text.startsWith('@')) {
    const repository = (slashes < 0 ? text : text.slice(0, slashes)).replace(/^@@?/, '');
    const inRepository = slashes < 0 ? `:${repository}` : text.slice(slashes + 2);
    const file = splitLabel(inRepository);
    if (!main.isCalled(repository)) return { kind: 'external', repository, ...file };
    return { kind: 'main', packagePath: file.packagePath as PackagePath, path: file.path as WorkspacePath };
  }
  if (slashes === 0) {
    const file = splitLabel(text.slice(2));
    return { kind: 'main', packagePath: file.packagePath as PackagePath, path: file.path as WorkspacePath };
  }
  const name = text.startsWith(':') ? text.slice(1) : text;
  return { kind: 'main', packagePath, path: joinPath(packagePath, name) as WorkspacePath };
}

function splitLabel(afterSlashes: string): { packagePath: string; path: string } {
  const colon = afterSlashes.indexOf(':');
  const packagePath = colon < 0 ? afterSlashes : afterSlashes.slice(0, colon);
  const name = colon < 0 ? fileNameOf(afterSlashes) : afterSlashes.slice(colon + 1);
  return { packagePath, path: joinPath(packagePath, name) };
}

function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * The main repository with the names that MODULE.bazel's `module(name = …, repo_name = …)` and WORKSPACE's
 * `workspace(name = …)` give it.
 *
 * @param files the texts of MODULE.bazel and of the WORKSPACE files, as far as they exist
 */
export function mainRepositoryOf(files: readonly string[]): MainRepository {
  const names: string[] = [];
  for (const file of files) {
    for (const functionName of ['module', 'workspace']) {
      for (const call of callsOf(file, functionName)) names.push(...namesIn(call));
    }
  }
  return MainRepository.named(...names);
}

/**
 * What MODULE.bazel says about its own module, for comparisons: the code of packages can read the name and the version. If
 * that is not written in texts, it is the whole file.
 */
export function moduleDeclarationIn(file: string): string {
  const calls = [...callsOf(file, 'module')];
  const mentions = [...tokensOf(file)].filter((token) => token.kind === 'name' && token.text === 'module');
  const isWritten =
    mentions.length === calls.length &&
    calls.every((call) => call.every((token, at) => token.kind !== 'name' || isKeyword(call, at)));
  return isWritten ? JSON.stringify(calls) : significantTokens(file);
}

function isKeyword(call: readonly Token[], at: number): boolean {
  const next = call[at + 1];
  return next?.kind === 'operator' && next.text === '=';
}

function* namesIn(call: readonly Token[]): Generator<string> {
  for (let index = 0; index + 2 < call.length; index += 1) {
    const [key, equals, value] = call.slice(index, index + 3);
    if (key?.kind !== 'name' || (key.text !== 'name' && key.text !== 'repo_name')) continue;
    if (equals?.kind === 'operator' && equals.text === '=' && value?.kind === 'string') yield value.value;
  }
}
