import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Bazel } from '../adapters/bazel/bazel.js';
import { RulesLogFiles } from '../adapters/bazel/rules-log-files.js';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import type { Repositories } from '../adapters/git/repositories.js';
import { Repository } from '../adapters/git/repository.js';
import { ScratchRepository } from '../adapters/git/scratch-repository.js';
import { gitCredentials } from '../adapters/github/git-credentials.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlanStores } from './plan-stores.js';
import type { PlanTools } from './plan-tools.js';
import { QuerySource, type GraphSource } from '../loading/source/graph-source.js';
import { QueriedExternals, type NewServer } from '../loading/source/externals-source.js';
import { CheckoutSite, ScratchSite } from '../loading/source/site.js';
import type { Recording } from '../loading/inputs/loading-inputs.js';
import { LoadingReader } from '../loading/source/loading-reader.js';
import { loadingOptions, type LoadingOptions } from '../loading/source/loading-options.js';
import { DamagedSnapshotError } from '../loading/snapshot/stored-values.js';
import { writeOnly, type SnapshotStore } from '../loading/snapshot/store.js';
import { makePlan, type Planned } from './make-plan.js';
import { headOf } from './comparison.js';
import { recordExternals, verifiedRecords, type RecordTools } from './record-externals.js';
import type { Revisions } from './revisions.js';
import { SnapshotSource } from '../loading/source/snapshot-source.js';
import { Timer, type StepListener } from './timer.js';
import { VerifiedSource } from '../loading/source/verified-source.js';

/** A plan, and the repository that it is for. */
export interface PlannedIn extends Planned {
  readonly repository: Repository;
}

/**
 * Makes a plan in a private temporary folder, which is removed afterwards, also on failure and on a signal.
 *
 * @param folder the folder of the Bazel workspace in the user's checkout
 * @param stores have what earlier plans found out; null if everything has to come from Bazel
 * @param revisionsOf finds the two revisions
 * @param onStep gets the name of each step as it begins, to show progress
 * @throws GitError, BazelError, InputError, each with what to do
 */
export async function planIn(
  folder: string,
  given: PlanInputs,
  stores: PlanStores | null,
  revisionsOf: (repositories: Repositories) => Promise<Revisions>,
  onStep: StepListener = () => undefined,
): Promise<PlannedIn> {
  const repository = await Repository.open(folder);
  // The repository may be in another folder than the runner's workspace: actions/checkout has the input `path`.
  const inputs = { ...given, workspace: repository.pathOf(folder) };
  const place = new PrivatePlace(repository, inputs);
  const forget = onSignal(() => {
    place.close();
  });
  try {
    const scratch = await place.scratchRepository();
    onStep('revisions');
    const repositories = { user: repository, scratch };
    const revisions = await revisionsOf(repositories);
    const sites = place.sites(scratch);
    const making: Making = {
      revisions,
      inputs,
      repositories,
      sites,
      externals: new QueriedExternals(...sites, place.newServer, inputs.externalsMinutes),
      options: loadingOptions(inputs, place.userFolder, await repository.lackingSubmodules()),
      timer: new Timer(onStep),
    };
    const planned = stores === null ? await planFromBazel(making) : await planFromStores(making, stores);
    return { ...planned, repository };
  } finally {
    place.close();
    forget();
  }
}

/** What a plan is made of, whatever is stored. */
interface Making extends Pick<PlanTools, 'repositories' | 'timer'> {
  readonly revisions: Revisions;
  readonly inputs: PlanInputs;
  readonly sites: readonly [ScratchSite, CheckoutSite];
  readonly externals: QueriedExternals;
  readonly options: LoadingOptions;
}

function planFromBazel(making: Making): Promise<Planned> {
  const reader = new LoadingReader([], recordingOf(making));
  return planWith(new QuerySource(...making.sites, reader), reader, making);
}

async function planFromStores(making: Making, { snapshots, records }: PlanStores): Promise<Planned> {
  const { digest } = making.options;
  const tools: RecordTools = {
    externals: making.externals,
    reader: new LoadingReader(await records.latest(digest), recordingOf(making)),
    keepRecord: records.isReadOnly ? null : (record) => records.keep(digest, record),
  };
  const plan = making.inputs.snapshots === 'verify' ? planVerified : planAndRecord;
  return withoutDamaged(snapshots, (usable) => plan(making, usable, tools));
}

/** Without time for questions, nothing can be recorded. */
function recordingOf({ inputs }: Making): Recording {
  return inputs.externalsMinutes === 0 ? 'impossible' : 'possible';
}

/** Makes a plan from snapshots and records, and records for later plans what this one had to find out. */
async function planAndRecord(making: Making, snapshots: SnapshotStore, tools: RecordTools): Promise<Planned> {
  const { revisions, sites, options, timer } = making;
  const { reader } = tools;
  const graphs = new SnapshotSource(new QuerySource(...sites, reader), reader, options, snapshots);
  const planned = await planWith(graphs, reader, making);
  await timer.measure('record', () => recordExternals(planned, revisions.mode, graphs, tools));
  return planned;
}

/** Makes a plan from Bazel's answers. What was stored and differs from them becomes a problem of the plan. */
async function planVerified(making: Making, snapshots: SnapshotStore, tools: RecordTools): Promise<Planned> {
  const { revisions, inputs, repositories, sites, options, timer } = making;
  const head = await headOf(revisions, inputs, repositories);
  const { records, problems } = await timer.measure('record', () => verifiedRecords(head, tools));
  const newReader = (): LoadingReader => new LoadingReader(records, recordingOf(making));
  const reader = newReader();
  const graphs = new VerifiedSource(new QuerySource(...sites, reader), reader, newReader, options, snapshots);
  const { plan, ...rest } = await planWith(graphs, reader, making);
  return { ...rest, plan: { ...plan, problems: [...plan.problems, ...problems, ...graphs.differences] } };
}

function planWith(graphs: GraphSource, reader: LoadingReader, making: Making): Promise<Planned> {
  const { revisions, inputs, repositories, externals, timer } = making;
  return makePlan(revisions, inputs, { repositories, graphs, externals, reader, timer });
}

/**
 * Makes a plan from snapshots. If one turns out to be damaged, the plan is made again without reading any, and a new
 * snapshot replaces it.
 */
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

/**
 * Runs a clean-up when a signal ends the process, and then ends it.
 *
 * @returns a function that cancels the clean-up
 */
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

/** Where one plan is made: its private folders, and a Bazel for each of the two working trees that it queries. */
class PrivatePlace {
  /** The folder of the workspace in the user's checkout. */
  readonly userFolder: string;
  private readonly folders = new PrivateFolders();
  private readonly scratchBazel: Bazel;
  private readonly checkoutBazel: Bazel;
  private readonly moreServers: Bazel[] = [];

  constructor(
    private readonly repository: Repository,
    private readonly inputs: PlanInputs,
  ) {
    this.userFolder = join(repository.folder, inputs.workspace);
    const scratchFolder = join(this.folders.scratch, inputs.workspace);
    this.scratchBazel = new Bazel(inputs.bazel, scratchFolder, this.folders.scratchServer, 'ours');
    this.checkoutBazel = new Bazel(inputs.bazel, this.userFolder, this.folders.checkoutServer, "the user's");
  }

  /** Makes the scratch repository. @throws GitError */
  async scratchRepository(): Promise<ScratchRepository> {
    const credentials = gitCredentials(process.env, this.inputs.githubToken);
    return ScratchRepository.create(this.repository, this.folders.scratch, credentials);
  }

  /** Where Bazel can be asked: in the scratch repository, and in the user's checkout. */
  sites(scratch: ScratchRepository): readonly [ScratchSite, CheckoutSite] {
    return [
      new ScratchSite(scratch, this.inputs.workspace, this.scratchBazel),
      new CheckoutSite(this.repository, this.inputs.workspace, this.checkoutBazel),
    ];
  }

  /** A Bazel that has loaded nothing yet. One that logs what rules do leaves no lock file in a checkout. */
  readonly newServer: NewServer = (site, log) => {
    const name = log === undefined ? 'server' : 'logging-server';
    const folder = this.folders.make(`${name}-${this.moreServers.length + 1}`);
    const { workspace } = site === 'scratch' ? this.scratchBazel : this.checkoutBazel;
    const bazel =
      log === undefined
        ? new Bazel(this.inputs.bazel, workspace, folder, site === 'scratch' ? 'ours' : "the user's")
        : new Bazel(
            this.inputs.bazel,
            workspace,
            folder,
            'ours, without a lock file',
            new RulesLogFiles(folder),
          );
    this.moreServers.push(bazel);
    return bazel;
  };

  /** Stops the servers and removes the folders. */
  close(): void {
    for (const bazel of [this.scratchBazel, this.checkoutBazel, ...this.moreServers]) bazel.stop();
    this.folders.remove();
  }
}

/** The folders of one plan, all in one temporary folder. */
class PrivateFolders {
  /** Bazel prints real paths. With a symlink in this path (such as macOS's /tmp), one folder would have two names. */
  private readonly root = realpathSync(mkdtempSync(join(tempFolder(), 'bazel-affected-')));
  readonly scratch = this.make('scratch');
  /** For the Bazel server of the scratch folder. */
  readonly scratchServer = this.make('scratch-server');
  /** For the Bazel server of the user's checkout. */
  readonly checkoutServer = this.make('checkout-server');

  /** Removes all of them. A failure must not make a finished plan fail, and the system cleans up what remains. */
  remove(): void {
    try {
      rmSync(this.root, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
    } catch {
      // Something still writes to the folder, for example a Bazel that a wrapper left running.
    }
  }

  make(name: string): string {
    const folder = join(this.root, name);
    mkdirSync(folder);
    return folder;
  }
}
