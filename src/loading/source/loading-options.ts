import { createHash } from 'node:crypto';
import { PRINTED_ATTRIBUTES } from '../../formats/query-proto.js';
import type { RepositoryPath } from '../../graph/tree.js';
import { rcTextsOutsideRevisions } from '../inputs/rc-files.js';

/** Of what the user set, what decides the graphs of a plan. */
export interface LoadingSettings {
  /** The folder of the workspace, relative to the repository. */
  readonly workspace: string;
  readonly bazel: {
    readonly command: string;
    readonly startupOptions: readonly string[];
    readonly queryOptions: readonly string[];
  };
}

/** What decides a graph beside the files of a revision: graphs made with other options are not comparable. */
export interface LoadingOptions {
  /** In a fixed order. */
  readonly values: readonly string[];
  /** Of the same, hexadecimal. */
  readonly digest: string;
}

/**
 * @param workspace the folder of the workspace in the user's checkout, absolute
 * @param lackingSubmodules submodules that are not checked out: what lies in them is in no graph
 */
export function loadingOptions(
  settings: LoadingSettings,
  workspace: string,
  lackingSubmodules: readonly RepositoryPath[] = [],
): LoadingOptions {
  const values = [
    ...PRINTED_ATTRIBUTES,
    settings.workspace,
    settings.bazel.command,
    JSON.stringify(settings.bazel.startupOptions),
    JSON.stringify(settings.bazel.queryOptions),
    process.env.USE_BAZEL_VERSION ?? '',
    JSON.stringify(lackingSubmodules),
    // Without the paths: two runners may have their homes in different places.
    ...rcTextsOutsideRevisions(settings.bazel.startupOptions, workspace).map((text) => JSON.stringify(text)),
  ];
  return { values, digest: createHash('sha256').update(JSON.stringify(values)).digest('hex') };
}
