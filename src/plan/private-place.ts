import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Bazel } from '../adapters/bazel/bazel.js';
import { RulesLogFiles } from '../adapters/bazel/rules-log-files.js';
import { tempFolder } from '../adapters/disk/temp-folder.js';
import type { Repositories } from '../adapters/git/repositories.js';
import { Repository } from '../adapters/git/repository.js';
import { ScratchRepository } from '../adapters/git/scratch-repository.js';
import { gitCredentials } from '../adapters/github/git-credentials.js';
import { QueriedExternals, type NewServer } from '../loading/source/externals-source.js';
import { loadingOptions, type LoadingOptions } from '../loading/source/loading-options.js';
import { CheckoutSite, ScratchSite } from '../loading/source/site.js';
import type { PlanInputs } from './plan-inputs.js';

/** Where revisions of a repository are looked at, and Bazel is asked about them. */
export interface Place {
  readonly repositories: Repositories;
  /** The inputs, with the folder of the workspace in the repository. */
  readonly inputs: PlanInputs;
  readonly sites: readonly [ScratchSite, CheckoutSite];
  readonly externals: QueriedExternals;
  readonly options: LoadingOptions;
}

/**
 * Works in a private temporary folder, which is removed afterwards, also on failure and on a signal.
 *
 * @param folder the folder of the Bazel workspace in the user's checkout
 * @throws GitError, and what the work throws
 */
export async function inPrivatePlace<T>(
  folder: string,
  given: PlanInputs,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const user = await Repository.open(folder);
  // The repository may be in another folder than the runner's workspace: actions/checkout has the input `path`.
  const inputs = { ...given, workspace: user.pathOf(folder) };
  const place = new PrivatePlace(user, inputs);
  const forget = onSignal(() => {
    place.close();
  });
  try {
    const scratch = await place.scratchRepository();
    const sites = place.sites(scratch);
    return await work({
      repositories: { user, scratch },
      inputs,
      sites,
      externals: new QueriedExternals(...sites, place.newServer, inputs.externalsMinutes),
      options: loadingOptions(inputs, place.userFolder, await user.lackingSubmodules()),
    });
  } finally {
    place.close();
    forget();
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

/** One private place: its folders, and a Bazel for each of the two working trees that it queries. */
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

/** The folders of one place, all in one temporary folder. */
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
