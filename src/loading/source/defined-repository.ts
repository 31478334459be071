import { createHash } from 'node:crypto';
import { isAbsolute, join, relative } from 'node:path';
import type { RepositoryDefinition } from '../../formats/repository-definitions.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import type { WorkspacePath } from '../../graph/label.js';
import { MAIN, type CanonicalName } from '../../graph/repository.js';
import type { ExternalRepository } from '../externals/external-repositories.js';
import type { FoldersOnDisk, RuleCode } from './rule-code.js';

/** What the definition of a repository says about its files. */
export function definedRepository(
  { name, call, ruleFile, localPath }: RepositoryDefinition,
  rules: Pick<RuleCode, 'codeOf'>,
  folders: FoldersOnDisk,
): ExternalRepository {
  const code = ruleFile === null ? null : rules.codeOf(ruleFile);
  const shown = call
    .replaceAll(folders.workspace, '%workspace%')
    .replaceAll(folders.externalFolder, '%external%');
  const read = new Set([...namedIn(call), ...(code === null ? [] : code.repositories)]);
  return {
    name,
    definition: createHash('sha256')
      .update(JSON.stringify([shown, code?.digest ?? null]))
      .digest('base64'),
    sees: [...new Set([...namedIn(call), ...(MAIN_IN_TEXT.test(call) ? [MAIN] : [])])],
    reads: [...read].filter((each) => each !== MAIN),
    readsMain:
      read.has(MAIN) ||
      code?.findsWorkspace === true ||
      MAIN_IN_CALL.test(call) ||
      // An extension may hand on the path of a file. That of a local repository is its own folder.
      (localPath === null && shown.includes('%workspace%')),
    readsModuleFiles: code?.namesModuleFiles === true || call.includes(MODULE_FILE),
    localFolder: localPath === null ? null : folderInWorkspace(localPath, folders.workspace),
  };
}

/** The canonical names of repositories, also in texts such as the content of a BUILD file. */
function namedIn(call: string): CanonicalName[] {
  return [...call.matchAll(/@@([^/"'\\\s@]+)\/\//g)].map(
    ([, repository = '']) => repository as CanonicalName,
  );
}

/** A label of the main repository as a whole attribute. Inside a text, one without `@` is of the repository itself. */
const MAIN_IN_CALL = /(?<!\\)"@{0,2}\/\//;

/** Such a label inside a text, too, which may be that of a BUILD file. */
const MAIN_IN_TEXT = /["']@{1,2}\/\//;

function folderInWorkspace(path: string, workspace: string): WorkspacePath | null {
  const inside = relative(workspace, isAbsolute(path) ? path : join(workspace, path));
  return /^\.\.(\/|$)/.test(inside) || isAbsolute(inside) ? null : (inside as WorkspacePath);
}
