import type { Command } from 'commander';
import { parsePlanInputs, PLAN_INPUTS, type PlanInputName, type PlanInputs } from '../plan/plan-inputs.js';

/** What the command line was given, by the names of the options in camel case. */
export type CliOptions = Readonly<Record<string, string | true | undefined>>;

/** The inputs of the action that a developer's machine has a use for, as options. */
const OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  [
    '--base <rev>',
    "compare with this revision (default: the commit where your work left the remote's default branch)",
  ],
  [
    '--head <rev>',
    'plan for this revision (default: the working tree, uncommitted and untracked files included, ignored ones not)',
  ],
  ['--workspace <dir>', 'folder of the Bazel workspace (default: the nearest one above this folder)'],
  [
    '--mode <mode>',
    'test: tests only; build: releases are built too; release: releases are run, which publishes them (default: build)',
  ],
  ['--targets <patterns>', 'only these targets: patterns like //a/..., -//b:c (default: //...)'],
  ['--release-kinds <classes>', `rule classes that are releases (default: ${PLAN_INPUTS['release-kinds']})`],
  ['--exclude-tags <tags>', `leave out targets with these tags (default: ${PLAN_INPUTS['exclude-tags']})`],
  ['--always-tags <tags>', 'run tests with these tags, whether or not they are affected'],
  ['--everything-on <globs>', 'changed paths that affect everything'],
  ['--ignore <globs>', 'paths whose changed content affects nothing (the graph is compared all the same)'],
  [
    '--fan-out <way>',
    'target: a leg for each target; balanced: few legs with enough work each; single: one leg (default: single for run)',
  ],
  ['--max-jobs <count>', `at most this many legs (default: ${PLAN_INPUTS['max-jobs']})`],
  ['--bazel <command>', 'how to call Bazel (default: $BAZEL, else bazel)'],
  ['--startup-options <options>', "Bazel's startup options"],
  ['--query-options <options>', 'options for bazel query'],
  [
    '--snapshots <use>',
    'true: read and store; read-only: read only; verify: read, store and compare with a full query; false: query everything',
  ],
];

/** Adds the options that all commands have. */
export function withOptions(command: Command): Command {
  for (const [flags, description] of OPTIONS) command.option(flags, description);
  return command;
}

/** The inputs of a plan: options named like the action's inputs, with the defaults of a developer's machine. */
export function planInputsOf(
  options: CliOptions,
  defaults: Readonly<Partial<Record<PlanInputName, string>>>,
): PlanInputs {
  return parsePlanInputs((name: PlanInputName) => {
    // The plan knows where its folder lies in the repository.
    if (name === 'workspace') return '';
    const value = options[camelCase(name)];
    if (typeof value === 'string') return value;
    return name === 'bazel' ? (process.env.BAZEL ?? '') : (defaults[name] ?? '');
  });
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
