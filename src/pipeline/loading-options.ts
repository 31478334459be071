import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { PRINTED_ATTRIBUTES } from '../bazel/query-proto.js';
import { importedRcFiles } from '../bazel/rc.js';
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
  const values = [
    ...PRINTED_ATTRIBUTES,
    inputs.workspace,
    inputs.bazel.command,
    JSON.stringify(inputs.bazel.startupOptions),
    JSON.stringify(inputs.bazel.queryOptions),
    process.env.USE_BAZEL_VERSION ?? '',
    ...rcTexts(inputs.bazel.startupOptions, workspace),
  ];
  return { values, digest: createHash('sha256').update(JSON.stringify(values)).digest('hex') };
}

/** What the rc files say that are no part of a revision, and those that they import, in a fixed order. */
function rcTexts(startupOptions: readonly string[], workspace: string): string[] {
  const named = startupOptions.flatMap((option) => /^--bazelrc=(.+)$/s.exec(option)?.[1] ?? []);
  const roots = [
    join(workspace, USER_RC_FILE),
    join(process.env.HOME ?? homedir(), '.bazelrc'),
    '/etc/bazel.bazelrc',
    // Bazel 9 reads it.
    ...(process.env.BAZELRC ?? '').split(',').filter((path) => path !== ''),
    ...named,
  ];
  // The workspace's own texts belong to the revision; what they import may lie elsewhere.
  const own = [...reachedFrom([join(workspace, '.bazelrc')], workspace).keys()];
  const elsewhere = own.filter((file) => relative(workspace, file).startsWith('..'));
  const texts = reachedFrom([...roots, ...elsewhere], workspace);
  // Without the paths: two runners may have their homes in different places.
  return [...texts.values()].map((text) => JSON.stringify(text));
}

/** Rc files and those that they import, by their absolute paths: their texts, null where there is none. */
function reachedFrom(roots: readonly string[], workspace: string): Map<string, string | null> {
  const texts = new Map<string, string | null>();
  const follow = (path: string): void => {
    const file = resolve(workspace, path);
    if (texts.has(file)) return;
    const text = textOf(file);
    texts.set(file, text);
    for (const imported of importedRcFiles(text ?? '')) follow(imported);
  };
  for (const path of roots) follow(path);
  return texts;
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
