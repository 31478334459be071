import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Bazel } from '../adapters/bazel/bazel.js';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import type { Repositories } from '../adapters/git/repositories.js';
import { Repository } from '../adapters/git/repository.js';
import { ScratchRepository } from '../adapters/git/scratch-repository.js';
import { gitCredentials } from '../adapters/github/git-credentials.js';
import type { PlanInputs } from './plan-inputs.js';
import { QuerySource, type GraphSource } from '../loading/source/graph-source.js';
import { CheckoutSite, ScratchSite } from '../loading/source/site.js';
import { LoadingReader } from '../loading/source/loading-reader.js';
import { loadingOptions } from '../loading/source/loading-options.js';
import { DamagedSnapshotError } from '../loading/snapshot/stored-values.js';
import { writeOnly, type SnapshotStore } from '../loading/snapshot/store.js';
import { makePlan, type Planned } from './make-plan.js';
import type { Revisions } from './revisions.js';
import { SnapshotSource } from '../loading/source/snapshot-source.js';
import { Timer, type StepListener } from './timer.js';
import { VerifiedSource } from '../loading/source/verified-source.js';

/** A plan with the repository that it is for. */
export interface PlannedIn extends Planned {
  readonly repository: Repository;
}

/**
 * Makes a plan in a private temporary folder, which is removed afterwards: also on failure and on a signal.
 *
 * @param folder the folder of the Bazel workspace in the user's checkout
 * @param store where snapshots of earlier plans are; null: every graph comes from a full query
 * @param revisionsOf tells what is compared
 * @param onStep is told what is done now, for those who wait
 * @throws GitError, BazelError, InputError, each with what to do
 */
export async function planIn(
  folder: string,
  given: PlanInputs,
  store: SnapshotStore | null,
  revisionsOf: (repositories: Repositories) => Promise<Revisions>,
  onStep: StepListener = () => undefined,
): Promise<PlannedIn> {
  const repository = await Repository.open(folder);
  // The repository need not be where the runner's workspace is: actions/checkout has the input path.
  const workspace = repository.pathOf(folder);
  const inputs = { ...given, workspace };
  // Bazel names real paths, so that a link on the way (macOS's /tmp) would make two folders of one.
  const privateFolder = realpathSync(mkdtempSync(join(tempFolder(), 'bazel-affected-')));
  const [scratchFolder, scratchServer, checkoutServer] = ['scratch', ...SERVER_FOLDERS].map((name) => {
    const made = join(privateFolder, name);
    mkdirSync(made);
    return made;
  }) as [string, string, string];
  const userFolder = join(repository.folder, inputs.workspace);
  const scratchBazel = new Bazel(inputs.bazel, join(scratchFolder, inputs.workspace), scratchServer, 'ours');
  const checkoutBazel = new Bazel(inputs.bazel, userFolder, checkoutServer, "the user's");
  const cleanUp = (): void => {
    for (const bazel of [scratchBazel, checkoutBazel]) bazel.stop();
    removeTemporary(privateFolder);
  };
  const forget = onSignal(cleanUp);
  try {
    const scratch = await ScratchRepository.create(
      repository,
      scratchFolder,
      gitCredentials(process.env, inputs.githubToken),
    );
    onStep('revisions');
    const repositories = { user: repository, scratch };
    const revisions = await revisionsOf(repositories);
    const reader = new LoadingReader();
    const queries = new QuerySource(
      new ScratchSite(scratch, inputs.workspace, scratchBazel),
      new CheckoutSite(repository, inputs.workspace, checkoutBazel),
      reader,
    );
    const options = loadingOptions(inputs, userFolder, await repository.lackingSubmodules());
    const planFrom = (graphs: GraphSource): Promise<Planned> =>
      makePlan(revisions, inputs, { repositories, graphs, reader, timer: new Timer(onStep) });
    const planWith = (snapshots: SnapshotStore): Promise<Planned> =>
      inputs.snapshots === 'verify'
        ? planVerified(new VerifiedSource(queries, reader, options, snapshots), planFrom)
        : planFrom(new SnapshotSource(queries, reader, options, snapshots));
    const planned = store === null ? await planFrom(queries) : await withoutDamaged(store, planWith);
    return { ...planned, repository };
  } finally {
    cleanUp();
    forget();
  }
}

/** Plans by what Bazel says: a snapshot that said something else is a problem of the plan. */
async function planVerified(
  graphs: VerifiedSource,
  planFrom: (graphs: GraphSource) => Promise<Planned>,
): Promise<Planned> {
  const { plan, ...rest } = await planFrom(graphs);
  return { ...rest, plan: { ...plan, problems: [...plan.problems, ...graphs.differences] } };
}

/** Plans from snapshots, and where one turns out to be damaged, without reading any: a new one takes its place. */
async function withoutDamaged(
  store: SnapshotStore,
  planWith: (snapshots: SnapshotStore) => Promise<Planned>,
): Promise<Planned> {
  try {
    return await planWith(store);
  } catch (error) {
    if (!(error instanceof DamagedSnapshotError)) throw error;
    const { context, ...planned } = await planWith(writeOnly(store));
    const notice = `a full query was made, because ${error.message}`;
    return { ...planned, context: { ...context, notices: [...context.notices, notice] } };
  }
}

/** Runs a clean-up when the process is told to end, and ends it then. @returns takes the clean-up back */
function onSignal(cleanUp: () => void): () => void {
  const handlers = (['SIGINT', 'SIGTERM', 'SIGHUP'] as const).map((signal, index) => {
    const handler = (): void => {
      try {
        cleanUp();
      } finally {
        process.exit([130, 143, 129][index]);
      }
    };
    process.once(signal, handler);
    return () => process.off(signal, handler);
  });
  return () => {
    for (const remove of handlers) remove();
  };
}

/** A folder that somebody still writes to must not take a plan away that is made: the system cleans up what stays. */
function removeTemporary(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  } catch {
    // A Bazel that a wrapper left running, for one.
  }
}

/** Where the two Bazel servers of a plan live: the one of the scratch folder, and the one of the user's checkout. */
const SERVER_FOLDERS = ['scratch-server', 'checkout-server'] as const;
