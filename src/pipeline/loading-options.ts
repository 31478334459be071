import { createHash } from 'node:crypto';
import { PRINTED_ATTRIBUTES } from '../bazel/query-proto.js';
import type { RepositoryPath } from '../git/tree.js';
import type { PlanInputs } from '../inputs/plan-inputs.js';
import { rcTextsOutsideRevisions } from './rc-files.js';

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
  inputs: PlanInputs,
  workspace: string,
  lackingSubmodules: readonly RepositoryPath[] = [],
): LoadingOptions {
  const values = [
    ...PRINTED_ATTRIBUTES,
    inputs.workspace,
    inputs.bazel.command,
    JSON.stringify(inputs.bazel.startupOptions),
    JSON.stringify(inputs.bazel.queryOptions),
    process.env.USE_BAZEL_VERSION ?? '',
    JSON.stringify(lackingSubmodules),
    // Without the paths: two runners may have their homes in different places.
    ...rcTextsOutsideRevisions(inputs.bazel.startupOptions, workspace).map((text) => JSON.stringify(text)),
  ];
  return { values, digest: createHash('sha256').update(JSON.stringify(values)).digest('hex') };
}
