import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PRINTED_ATTRIBUTES } from '../bazel/query-proto.js';
import type { PlanInputs } from '../inputs/plan-inputs.js';
import { USER_RC_FILE } from './site.js';

/** What decides a graph beside the files of a revision: graphs made with other options are not comparable. */
export interface LoadingOptions {
  /** In a fixed order. */
  readonly values: readonly string[];
  /** Of the same, hexadecimal. */
  readonly digest: string;
}

/** @param workspace the folder of the workspace in the user's checkout, absolute */
export function loadingOptions(inputs: PlanInputs, workspace: string): LoadingOptions {
  const rcFiles = [join(workspace, USER_RC_FILE), join(homedir(), '.bazelrc'), '/etc/bazel.bazelrc'];
  const values = [
    ...PRINTED_ATTRIBUTES,
    inputs.workspace,
    inputs.bazel.command,
    JSON.stringify(inputs.bazel.startupOptions),
    JSON.stringify(inputs.bazel.queryOptions),
    process.env.USE_BAZEL_VERSION ?? '',
    ...rcFiles.map(textOf),
  ];
  return { values, digest: createHash('sha256').update(JSON.stringify(values)).digest('hex') };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
