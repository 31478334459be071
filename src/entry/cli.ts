import './readable-payload.js';
import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { isWorkspace } from '../adapters/bazel/bazel.js';
import { FolderStore, workspaceFolderName } from '../adapters/disk/folder-store.js';
import { LabelError, parseLabel, type Label } from '../graph/label.js';
import { InputError } from '../text/input-error.js';
import {
  parsePlanInputs,
  PLAN_INPUTS,
  splitOptions,
  type PlanInputName,
  type PlanInputs,
} from '../plan/plan-inputs.js';
import { planIn, type PlannedIn } from '../plan/plan-in.js';
import { revisionsOfWorkingTree } from '../plan/revisions.js';
import { runLegsHere } from '../leg/run-legs-here.js';
import { planFileContent } from '../plan/file/plan-file.js';
import { plannedLegsOf } from '../plan/file/planned-legs.js';
import { explanation } from '../plan/report/explanation.js';
import { planText } from '../plan/report/plan-text.js';
import { EncodedSnapshots } from '../loading/source/encoded-snapshots.js';
import { readOnly, type SnapshotStore } from '../loading/snapshot/store.js';
import { needsOfResults } from '../verdict/needs.js';
import { judge } from '../verdict/verdict.js';
import { verdictText } from '../verdict/verdict-text.js';
import { withoutCommands } from '../text/harmless.js';
import { plainLine } from '../text/plain-text.js';
import { VERSION } from './version.js';
import { isExpected, errorMessage, told } from './expected-errors.js';
import { withCommandsStopped } from './stop-commands.js';

/** What the shell learns: done, failed, or called wrongly. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** The argument of `explain`; whatever else is named in a complaint is an option. */
const LABEL = 'label';

/** The inputs of the action that a developer's machine has a use for, as options. */
const OPTIONS: readonly (readonly [flags: string, description: string])[] = [
  ['--base <rev>', "compare with this revision (default: where the work left the remote's default branch)"],
  [
    '--head <rev>',
    'plan for this revision (default: the working tree, uncommitted and untracked files included, ignored ones not)',
  ],
  ['--workspace <dir>', 'folder of the Bazel workspace (default: the nearest one above this folder)'],
  [
    '--mode <mode>',
    'test: tests only; build: releases are built too; release: releases are released (default: build)',
  ],
  ['--targets <patterns>', 'only these targets: patterns like //a/..., -//b:c (default: //...)'],
  ['--release-kinds <classes>', `rule classes that are releases (default: ${PLAN_INPUTS['release-kinds']})`],
  ['--exclude-tags <tags>', `leave out targets with these tags (default: ${PLAN_INPUTS['exclude-tags']})`],
  ['--always-tags <tags>', 'run tests with these tags, whether or not they are affected'],
  ['--everything-on <globs>', 'changed paths that affect everything'],
  ['--ignore <globs>', 'paths whose changed content affects nothing (the graph is compared all the same)'],
  [
    '--fan-out <way>',
    'target: a leg for each target; balanced: bins; single: one leg (default: single for run)',
  ],
  ['--max-jobs <count>', `at most this many legs (default: ${PLAN_INPUTS['max-jobs']})`],
  ['--bazel <command>', 'how to call Bazel (default: $BAZEL, else bazel)'],
  ['--startup-options <options>', "Bazel's startup options"],
  ['--query-options <options>', 'options for bazel query'],
  [
    '--snapshots <use>',
    'true: plan on top of earlier plans; read-only: but keep none; verify: but compare with a full query; false: query everything',
  ],
];

function program(): Command {
  const root = new Command('bazel-affected')
    .description('Test, build and release only the Bazel targets that a change affects.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(withoutCommands(text)) })
    .addHelpText('after', EXAMPLES);
  withOptions(root.command('plan'))
    .description('what your changes affect, and what CI would run for them')
    .option('--json', 'print the plan file (docs/plan-file.md) instead of text')
    .action(async (options: CliOptions) => {
      const { plan, context } = await planHere(options);
      if (options.json === true) printPieces(planFileContent(plan, '  '));
      else print(planText(plan, context));
      if (plan.problems.length > 0) process.exitCode = FAILED;
    });
  withOptions(root.command('run'))
    .description('tests what your changes affect, and builds what would be released, here and now')
    .option('--flags <options>', "options for Bazel's commands, like --config=ci")
    .action(async (options: CliOptions) => {
      process.exitCode = await runHere(options);
    });
  withOptions(root.command('explain'))
    .description('why a target is affected, or why it is not')
    .argument('<label>', 'the target, like //app:server_test, or :server_test for the package of this folder')
    .action(async (text: string, options: CliOptions) => {
      const label = labelFrom(text, workspaceFolder(options));
      const { plan, graph, context } = await planHere(options);
      if (!graph.has(label))
        throw new InputError(LABEL, text, 'the label of a target that the workspace has now');
      print(explanation(label, plan, graph, context.ignored.length));
    });
  return root;
}

const EXAMPLES = `
Examples:
  bazel-affected plan                      what do my uncommitted and unpushed changes affect?
  bazel-affected plan --base HEAD          only the uncommitted ones
  bazel-affected plan --base v1.2 --json | jq -r '.test[]'
  bazel-affected explain //app:server_test
  bazel-affected run                       test what is affected, build what would be released
  bazel-affected run --mode release        test, and release if all tests and builds passed

The result goes to stdout, everything else to stderr.
Exit code: 0 done, 1 failed, 2 wrong usage.`;

type CliOptions = Readonly<Record<string, string | true | undefined>>;

function withOptions(command: Command): Command {
  for (const [flags, description] of OPTIONS) command.option(flags, description);
  return command;
}

async function planHere(
  options: CliOptions,
  defaults: Readonly<Partial<Record<PlanInputName, string>>> = {},
): Promise<PlannedIn & { folder: string; inputs: PlanInputs }> {
  const folder = workspaceFolder(options);
  const inputs = planInputsOf(options, defaults);
  const store = userStore(inputs, folder);
  const planned = await planIn(
    folder,
    inputs,
    store,
    (repositories) => revisionsOfWorkingTree(inputs, repositories),
    showStep,
  );
  return { ...planned, folder, inputs };
}

/** A first plan of a large repository takes its time: a person who waits sees what for, a log stays clean. */
function showStep(step: string): void {
  if (process.stderr.isTTY) tell(`${step} …`);
}

/** Plans, and runs the legs one after the other on this machine. @returns the exit code */
async function runHere(options: CliOptions): Promise<number> {
  const flags = splitOptions('flags', typeof options.flags === 'string' ? options.flags : '');
  if (options.head !== undefined) {
    throw new InputError('head', String(options.head), 'nothing for run: it tests the working tree');
  }
  const defaults = { 'fan-out': 'single', 'leg-options': flags.join('\n') };
  const { plan, folder, inputs, repository } = await planHere(options, defaults);
  if (plan.release.length > 0 && (await repository.workingTree.changes(plan.head.commit)).length > 0)
    tell('the working tree has uncommitted changes, so the release contains changes that no commit contains');
  const planned = plannedLegsOf({ ...plan, affectedCount: plan.affected.length });
  const printAsItIs = (chunk: string | Buffer) => process.stderr.write(chunk);
  const runLegs = () =>
    runLegsHere(plan.legs, {
      workspace: folder,
      bazel: { program: inputs.bazel.command, startupOptions: inputs.bazel.startupOptions, flags },
      onProgress: (line) => process.stderr.write(`${withoutCommands(plainLine(line))}\n`),
      onOutput: printAsItIs,
    });
  const isInJob = process.env.GITHUB_ACTIONS === 'true';
  const results = await (isInJob ? withCommandsStopped(printAsItIs, runLegs) : runLegs());
  const reports = results.map((result) => ({ source: result.leg.name, result }));
  const verdict = judge(planned, needsOfResults(results), reports);
  print(verdictText(verdict, planned));
  return verdict.conclusion === 'success' ? DONE : FAILED;
}

/** Snapshots stay in the user's cache folder: https://specifications.freedesktop.org/basedir-spec/latest/ */
function userStore({ snapshots }: PlanInputs, workspace: string): SnapshotStore | null {
  if (snapshots === 'false') return null;
  const given = process.env.XDG_CACHE_HOME ?? '';
  const caches = isAbsolute(given) ? given : join(homedir(), '.cache');
  const folder = join(caches, 'bazel-affected', workspaceFolderName(workspace));
  const store = new EncodedSnapshots(new FolderStore(folder, tell), tell);
  return snapshots === 'read-only' ? readOnly(store) : store;
}

function workspaceFolder(options: CliOptions): string {
  return realpathSync(
    typeof options.workspace === 'string' ? existing(options.workspace) : nearestWorkspace(),
  );
}

function existing(folder: string): string {
  if (existsSync(folder)) return resolve(folder);
  throw new InputError('workspace', folder, 'a folder that exists');
}

/** The nearest folder above this one that is a workspace, else this one: the plan then says what is missing. */
function nearestWorkspace(): string {
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (isWorkspace(folder)) return folder;
    if (folder === dirname(folder)) return process.cwd();
  }
}

/** Options named like the action's inputs, with the defaults of a developer's machine. */
function planInputsOf(
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

/** @param text as Bazel takes it: a label without `//` is meant from the folder that the user is in */
function labelFrom(text: string, workspace: string): Label {
  const here = relative(workspace, realpathSync('.'));
  const isInside = !here.startsWith('..') && !isAbsolute(here);
  const [, folder, name] = (isInside ? /^(?![/@])([^:]*):(.*)$/s.exec(text) : null) ?? [];
  const packagePath = [here, folder].filter(Boolean).join('/');
  try {
    return parseLabel(name === undefined ? text : `//${packagePath}:${name}`);
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    throw new InputError(LABEL, text, 'a label like //app:server_test, or :server_test in the folder app');
  }
}

/** The result. In a job of GitHub's, no name in it is a command to the runner. */
function print(result: string): void {
  process.stdout.write(withoutCommands(result.endsWith('\n') ? result : `${result}\n`));
}

function tell(sentence: string): void {
  process.stderr.write(withoutCommands(`bazel-affected: ${sentence}\n`));
}

/** JSON in pieces, in which the runner sees no `##[`; no line of JSON begins with `::`. */
function printPieces(pieces: Iterable<string>): void {
  for (const piece of pieces) process.stdout.write(piece.replaceAll('##[', String.raw`\u0023#[`));
  process.stdout.write('\n');
}

/** The exit code of a failure, after telling about it. */
function exitCodeOf(error: unknown): number {
  // Commander has printed its own message already; help that was asked for is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
  tell(errorSentence(error));
  return error instanceof InputError ? WRONG_USAGE : FAILED;
}

function errorSentence(thrown: unknown): string {
  const error = told(thrown);
  if (!(error instanceof Error)) return String(error);
  if (error instanceof InputError) {
    const name = error.input === LABEL ? 'label' : `--${error.input}`;
    return `${name} ${JSON.stringify(error.value)} cannot be used; allowed: ${error.allowed}`;
  }
  return isExpected(error) ? error.message : (error.stack ?? error.message);
}

// The result alone goes to stdout, and libraries log: @actions/exec of folders on the PATH that it cannot look into.
console.log = console.error;

// Whoever reads the result may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  tell(`the result cannot be written: ${errorMessage(error)}`);
  process.exit(FAILED);
});

// Nobody reads what is said besides: the result counts.
process.stderr.on('error', () => undefined);

process.on('uncaughtException', (error) => {
  process.exit(exitCodeOf(error));
});

/** The oldest Node that has all that is used here (`engines` in package.json). */
const OLDEST_NODE = 24;

if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  const needed = `it needs Node ${OLDEST_NODE} or later, and this is ${process.version}`;
  tell(needed);
  process.exitCode = WRONG_USAGE;
} else {
  try {
    await program().parseAsync(process.argv);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}
