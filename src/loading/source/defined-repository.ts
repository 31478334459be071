import { createHash } from 'node:crypto';
import { isAbsolute, join, relative } from 'node:path';
import { textIfReadable } from '../../adapters/disk/external-files.js';
import type { RepositoryDefinition } from '../../formats/repository-definitions.js';
import { MODULE_FILE } from '../../graph/bazel-files.js';
import type { Label, WorkspacePath } from '../../graph/label.js';
import { MAIN, NO_NAMES, repositoryOf, type CanonicalName } from '../../graph/repository.js';
import { pathInRepository } from './path-in-repository.js';
import type { ExternalRepository } from '../externals/external-repositories.js';
import { standInFor } from '../externals/stand-ins.js';
import type { FoldersOnDisk, RuleCode } from './rule-code.js';

/** What the definition of a repository says about its files. */
export function definedRepository(
  definition: RepositoryDefinition,
  rules: Pick<RuleCode, 'codeOf' | 'mayListFiles'>,
  folders: FoldersOnDisk,
): ExternalRepository {
  const { name, call, ruleFile, localPath } = definition;
  const code = ruleFile === null ? null : rules.codeOf(ruleFile);
  const shown = call
    .replaceAll(folders.workspace, '%workspace%')
    .replaceAll(folders.externalFolder, '%external%');
  const localFolder = localPath === null ? null : folderInWorkspace(localPath, folders.workspace);
  const read = new Set([...namedIn(call), ...(code === null ? [] : code.repositories)]);
  return {
    name,
    definition: createHash('sha256')
      .update(JSON.stringify([shown, code?.digest ?? null]))
      .digest('base64'),
    sees: [
      ...new Set([...namedIn(call), ...(MAIN_IN_TEXT.test(call) || code?.namesMain === true ? [MAIN] : [])]),
    ],
    reads: [...read].filter((each) => each !== MAIN),
    readsMain:
      read.has(MAIN) ||
      code?.findsWorkspace === true ||
      MAIN_IN_CALL.test(call) ||
      // An extension may hand on the path of a file. That of a local repository is its own folder.
      (localPath === null && shown.includes('%workspace%')),
    readsModuleFiles:
      code?.namesModuleFiles === true || call.includes(MODULE_FILE) || /:WORKSPACE\b/.test(call),
    namedFiles: [...call.matchAll(FILE_OF_MAIN)].map(([, folder = '', file = '']) => {
      return (folder === '' ? file : `${folder}/${file}`) as WorkspacePath;
    }),
    localFolder,
    showsOutside: localPath !== null && localFolder === null,
    standIn: standInFor(definition, {
      textOf: (label) => textOf(label as Label, folders),
      mayListFiles: (text) => rules.mayListFiles(text, name),
    }),
  };
}

/** The text of a file with a canonical label, if its repository was fetched; else null. */
function textOf(label: Label, { workspace, externalFolder }: FoldersOnDisk): string | null {
  const repository = repositoryOf(label, NO_NAMES);
  const folder = repository === MAIN ? workspace : join(externalFolder, repository);
  return textIfReadable(join(folder, pathInRepository(label)));
}

/** The canonical names of repositories, also in texts such as the content of a BUILD file. */
function namedIn(call: string): CanonicalName[] {
  return [...call.matchAll(/@@([^/"'\\\s@]+)\/\//g)].map(
    ([, repository = '']) => repository as CanonicalName,
  );
}

/** A label of the main repository as a whole attribute. Inside a text, one without `@` is of the repository itself. */
const MAIN_IN_CALL = /(?<!\\)"@{0,2}\/\//;

/** Such a label with the name of a file. */
const FILE_OF_MAIN = /(?<!\\)"@{0,2}\/\/([^":]*):([^"]+)"/g;

/** Such a label inside a text, too, which may be that of a BUILD file. */
const MAIN_IN_TEXT = /["']@{1,2}\/\//;

function folderInWorkspace(path: string, workspace: string): WorkspacePath | null {
  const inside = relative(workspace, isAbsolute(path) ? path : join(workspace, path));
  return /^\.\.(\/|$)/.test(inside) || isAbsolute(inside) ? null : (inside as WorkspacePath);
}
