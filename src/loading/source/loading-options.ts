import { createHash } from 'node:crypto';
import { PRINTED_ATTRIBUTES } from '../../formats/query-proto.js';
import type { RepositoryPath } from '../../graph/tree.js';
import { rcTextsOutsideRevisions } from './checkout.js';

/** The settings of the user that decide what a graph is. */
export interface LoadingSettings {
  /** The folder of the workspace, relative to the repository. */
  readonly workspace: string;
  readonly bazel: {
    readonly command: string;
    readonly startupOptions: readonly string[];
    readonly queryOptions: readonly string[];
    readonly sharedConfigurations?: readonly string[];
  };
}

/**
 * What decides a graph besides the files of a revision. Graphs that were made with different options cannot be
 * compared.
 */
export interface LoadingOptions {
  /** In a fixed order. */
  readonly values: readonly string[];
  /** The digest of the values, hexadecimal. */
  readonly digest: string;
}

/**
 * @param workspace the folder of the workspace in the user's checkout, absolute
 * @param lackingSubmodules submodules that are not checked out, so that no graph contains their files
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
    JSON.stringify(settings.bazel.sharedConfigurations ?? []),
    process.env.USE_BAZEL_VERSION ?? '',
    JSON.stringify(lackingSubmodules),
    // The paths of these rc files are left out, because home folders can differ between runners.
    ...rcTextsOutsideRevisions(settings.bazel.startupOptions, workspace).map((text) => JSON.stringify(text)),
  ];
  return { values, digest: createHash('sha256').update(JSON.stringify(values)).digest('hex') };
}
