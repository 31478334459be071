import { folderOf } from '../graph/folders.js';
import type { RepositoryPath } from '../graph/tree.js';
import type { Comparison } from './comparison.js';
import type { PlanInputs } from './plan-inputs.js';
import type { Revisions } from './revisions.js';

const WORKFLOWS = '.github/workflows';

/**
 * Notes for changed workflow files that call this project. In a run of such a workflow everything is affected, because
 * it decides how Bazel is called. On a developer's machine no workflow runs, so the plan has less than that of CI.
 *
 * @throws GitError
 */
export async function notesOnWorkflows(
  { listed, head }: Comparison,
  { workflow }: Revisions,
  inputs: PlanInputs,
): Promise<string[]> {
  if (workflow.kind !== 'none') return [];
  const notes: string[] = [];
  for (const { path } of listed) {
    if (!isWorkflow(path) || inputs.ignore(path)) continue;
    if (await callsThis(path, (paths) => head.files.textsInRepository(paths)))
      notes.push(
        `${path} changed: this workflow decides how Bazel is called, so CI plans everything when it runs`,
      );
  }
  return notes;
}

function isWorkflow(path: RepositoryPath): boolean {
  return folderOf(path) === WORKFLOWS && /\.ya?ml$/.test(path);
}

/** Whether a workflow calls this project itself, or by other workflows and actions of its repository. */
async function callsThis(
  path: RepositoryPath,
  read: (paths: readonly RepositoryPath[]) => Promise<ReadonlyMap<RepositoryPath, string>>,
): Promise<boolean> {
  const seen = new Set<RepositoryPath>();
  for (let level = [path]; level.length > 0;) {
    for (const each of level) seen.add(each);
    const called = [...(await read(level)).values()].flatMap(calledBy);
    if (called.some((each) => each.includes('bazel-affected'))) return true;
    level = called.flatMap(localFiles).filter((each) => !seen.has(each));
  }
  return false;
}

/** The files in which a workflow or an action of the same repository may be. */
function localFiles(called: string): RepositoryPath[] {
  if (!called.startsWith('./')) return [];
  const path = called.slice(2).replace(/\/+$/, '') as RepositoryPath;
  if (isWorkflow(path)) return [path];
  return ['action.yml', 'action.yaml'].map(
    (name) => (path === '' ? name : `${path}/${name}`) as RepositoryPath,
  );
}

/** What the `uses:` lines of a workflow name, and too much rather than too little. */
function calledBy(text: string): string[] {
  return [...text.matchAll(/\buses['"]?\s*:\s*['"]?([^\s'",}]+)/g)].map(([, called = '']) => called);
}
