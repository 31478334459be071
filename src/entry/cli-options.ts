import type { Command } from 'commander';
import { parsePlanInputs, PLAN_INPUTS, type PlanInputName, type PlanInputs } from '../plan/plan-inputs.js';

/** The options on the command line, by their names in camel case. */
export type CliOptions = Readonly<Record<string, string | true | undefined>>;

/** The action's inputs that are useful on a developer's machine, as options. */
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
  [
    '--release-after <what>',
    `own-tests: a release waits for its own tests; tests: for all; plan: for none (default: ${PLAN_INPUTS['release-after']})`,
  ],
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
    '--leg-options <options>',
    'options with which the targets are tested and built later, such as --config=ci',
  ],
  [
    '--snapshots <use>',
    'true: read and store; read-only: read only; verify: read, store and compare with a full query; false: query everything',
  ],
  [
    '--externals-minutes <minutes>',
    `how long external repositories may be compared; after that, a change of them affects everything (default: ${PLAN_INPUTS['externals-minutes']})`,
  ],
];

/** Adds the options that all commands share. */
export function withOptions(command: Command): Command {
  for (const [flags, description] of OPTIONS) command.option(flags, description);
  return command;
}

/** The inputs of a plan. Options have the names of the action's inputs, with defaults for a developer's machine. */
export function planInputsOf(
  options: CliOptions,
  defaults: Readonly<Partial<Record<PlanInputName, string>>>,
): PlanInputs {
  return parsePlanInputs((name: PlanInputName) => {
    // On the command line, the plan starts in the workspace's folder and finds its place in the repository itself.
    if (name === 'workspace') return '';
    const value = options[camelCase(name)];
    if (typeof value === 'string') return value;
    return name === 'bazel' ? (process.env.BAZEL ?? '') : (defaults[name] ?? '');
  });
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
