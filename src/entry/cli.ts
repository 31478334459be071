import './readable-payload.js';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { FolderStore, workspaceFolderName } from '../adapters/disk/folder-store.js';
import { InputError } from '../text/input-error.js';
import { quoted } from '../formats/rc-lines.js';
import { splitOptions, type PlanInputName, type PlanInputs } from '../plan/plan-inputs.js';
import { planIn, type PlannedIn } from '../plan/plan-in.js';
import { readOnlyStores, storesIn, type PlanStores } from '../plan/plan-stores.js';
import { revisionsOfWorkingTree } from '../plan/revisions.js';
import { runLegsHere } from '../leg/run-legs-here.js';
import { plannedLegsOf } from '../plan/file/planned-legs.js';
import { explanation } from '../plan/report/explanation.js';
import { needsOfResults } from '../verdict/needs.js';
import { judge } from '../verdict/verdict.js';
import { verdictText } from '../verdict/verdict-text.js';
import { withoutCommands } from '../text/harmless.js';
import { plainLine } from '../text/plain-text.js';
import { channelOf, confirmReleasesOfCi, releaseKindsOf } from './cli-channel.js';
import { planOutputOf, showPlan } from './cli-output.js';
import { planInputsOf, withOptions, type CliOptions } from './cli-options.js';
import { LABEL, labelFrom, workspaceFolder } from './cli-workspace.js';
import { print, tell } from './terminal.js';
import { VERSION } from './version.js';
import { isExpected, errorMessage, shownError } from './expected-errors.js';
import { withCommandsStopped } from './stop-commands.js';

/** The exit codes: done, failed, wrong usage. */
const DONE = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

function program(): Command {
  const root = new Command('bazel-affected')
    .description('Test, build and release only the Bazel targets that a change affects.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({ writeErr: (text) => process.stderr.write(withoutCommands(text)) })
    .addHelpText('after', EXAMPLES);
  withOptions(root.command('plan'))
    .description('what your changes affect, and what CI would run for them')
    .option(
      '--output <format>',
      'text; json: the plan file (docs/plan-file.md); label, label0: a target on each line, or before each NUL; ' +
        'matrix: the jobs; github: the outputs of the action, as GITHUB_OUTPUT takes them (default: text)',
    )
    .option('--json', 'the same as --output json')
    .option(
      '--only <mode>',
      'with --output label, label0 or matrix: only what is tested (test), only built (build) or released (release)',
    )
    .option('--output-file <path>', 'write the result to this file instead of stdout')
    .action(async (options: CliOptions) => {
      const output = planOutputOf(options);
      const { plan, context } = await planHere(options);
      showPlan(plan, context, output);
      if (plan.problems.length > 0) process.exitCode = FAILED;
    });
  withOptions(root.command('run'))
    .description('tests what your changes affect, and builds what would be released, here and now')
    .option('--flags <options>', "options for Bazel's commands, like --config=ci")
    .option(
      '--channel <channel>',
      'with --mode release: dev runs releases for a laptop (artifact_dev_release); ci runs those of CI, and asks (default: dev)',
    )
    .option('--yes', 'with --channel ci: do not ask')
    .action(async (options: CliOptions) => {
      process.exitCode = await runHere(options);
    });
  withOptions(root.command('explain'))
    .description('why a target is affected, or why it is not')
    .argument('<label>', 'the target, like //app:server_test, or :server_test for the package of this folder')
    .action(async (text: string, options: CliOptions) => {
      const label = labelFrom(text, workspaceFolder(options.workspace));
      const { plan, graph, context } = await planHere(options);
      if (!graph.has(label)) throw new InputError(LABEL, text, { problem: NO_TARGET });
      print(explanation(label, plan, graph, context.ignored.length));
    });
  return root;
}

const NO_TARGET =
  'is not a target of this workspace now: check the spelling (`bazel query //...:all` lists all targets)';

const EXAMPLES = `
Examples:
  bazel-affected plan                      what do my uncommitted and unpushed changes affect?
  bazel-affected plan --base HEAD          only the uncommitted ones
  bazel-affected plan --output label --only test --output-file tests.txt
  bazel-affected explain //app:server_test
  bazel-affected run                       test what is affected, build what would be released
  bazel-affected run --mode release        test, and run each dev release whose own tests passed

The result goes to stdout, everything else to stderr.
Exit code: 0 done, 1 failed, 2 wrong usage.`;

async function planHere(
  options: CliOptions,
  defaults: Readonly<Partial<Record<PlanInputName, string>>> = {},
): Promise<PlannedIn & { folder: string; inputs: PlanInputs }> {
  const folder = workspaceFolder(options.workspace);
  const inputs = planInputsOf(options, defaults);
  const stores = userStores(inputs, folder);
  const planned = await planIn(
    folder,
    inputs,
    stores,
    (repositories) => revisionsOfWorkingTree(inputs, repositories),
    showStep,
  );
  return { ...planned, folder, inputs };
}

/**
 * The first plan of a large repository takes a while, so a user at a terminal sees the current step. Logs do not show
 * it.
 */
function showStep(step: string): void {
  if (process.stderr.isTTY) tell(`${step} …`);
}

/** Plans, and runs the legs one after the other on this machine. @returns the exit code */
async function runHere(options: CliOptions): Promise<number> {
  const flags = splitOptions('flags', typeof options.flags === 'string' ? options.flags : '');
  if (options.head !== undefined) {
    throw new InputError('head', String(options.head), {
      problem: 'cannot be combined with run, which tests the working tree: check that revision out first',
    });
  }
  const channel = channelOf(options);
  const { legOptions = '' } = options;
  const withFlags = { ...options, legOptions: [legOptions, ...flags.map(quoted)].join('\n') };
  const { plan, context, folder, inputs, repository } = await planHere(withFlags, {
    'fan-out': 'single',
    'release-kinds': releaseKindsOf(channel),
  });
  for (const notice of context.notices) tell(notice);
  if (plan.release.length > 0 && (await repository.workingTree.changes(plan.head.commit)).length > 0)
    tell('the working tree has uncommitted changes, so the release contains changes that no commit contains');
  if (channel === 'dev' && plan.release.length === 0)
    tell('no dev release is affected. Releases of CI run only with --channel ci');
  if (channel === 'ci' && plan.release.length > 0)
    await confirmReleasesOfCi(plan.release, options.yes === true);
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
  const verdict = judge(planned, needsOfResults(results, plan.legs), reports);
  print(verdictText(verdict, planned));
  return verdict.conclusion === 'success' ? DONE : FAILED;
}

/** Snapshots are kept in the user's cache folder: https://specifications.freedesktop.org/basedir-spec/latest/ */
function userStores({ snapshots }: PlanInputs, workspace: string): PlanStores | null {
  if (snapshots === 'false') return null;
  const given = process.env.XDG_CACHE_HOME ?? '';
  const caches = isAbsolute(given) ? given : join(homedir(), '.cache');
  const folder = join(caches, 'bazel-affected', workspaceFolderName(workspace));
  const stores = storesIn(
    new FolderStore(folder, tell),
    new FolderStore(join(folder, 'externals'), tell),
    new FolderStore(join(folder, 'answers'), tell),
    tell,
  );
  return snapshots === 'read-only' ? readOnlyStores(stores) : stores;
}

/** Reports an error, and returns its exit code. */
function exitCodeOf(error: unknown): number {
  // Commander has already printed its own message. If the user asked for help, that is not a failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : WRONG_USAGE;
  tell(errorSentence(error));
  return error instanceof InputError ? WRONG_USAGE : FAILED;
}

function errorSentence(thrown: unknown): string {
  const error = shownError(thrown);
  if (!(error instanceof Error)) return String(error);
  if (error instanceof InputError) {
    const name = error.input === LABEL ? 'label' : `--${error.input}`;
    return error.sentenceFor(name);
  }
  return isExpected(error) ? error.message : (error.stack ?? error.message);
}

// Only the result may go to stdout, but libraries log there: @actions/exec reports folders on the PATH that it cannot
// read.
console.log = console.error;

// The program that reads the result may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  tell(`the result cannot be written: ${errorMessage(error)}`);
  process.exit(FAILED);
});

// If stderr cannot be written, only messages are lost. The result counts.
process.stderr.on('error', () => undefined);

process.on('uncaughtException', (error) => {
  process.exit(exitCodeOf(error));
});

/** The oldest version of Node with all the features used here (`engines` in package.json). */
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
