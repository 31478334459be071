import type { Bazel } from '../../adapters/bazel/bazel.js';
import { BazelError } from '../../adapters/bazel/bazel-error.js';
import { parseBazelVersion, type BazelVersion } from '../../formats/bazel-version.js';
import type { LoggedStep } from '../../formats/rules-log.js';
import { mainRepositoryOf } from '../../formats/starlark-loads.js';
import { significantCode } from '../../formats/starlark-tokens.js';
import {
  LOCK_FILE,
  MODULE_FILE,
  WORKSPACE_FILE_BESIDE_MODULES,
  WORKSPACE_FILES,
} from '../../graph/bazel-files.js';
import type { Label, WorkspacePath } from '../../graph/label.js';
import type { CanonicalName } from '../../graph/repository.js';
import type { Target } from '../../graph/target.js';
import type { Externals } from '../externals/external-repositories.js';
import type { ReachedExternals } from '../externals/reached-externals.js';
import { isBzlmodFile } from '../inputs/file-roles.js';
import { evaluateExternals } from './evaluate-externals.js';
import { externalsOfWorkspace, readExternals, withFetchedModules } from './read-externals.js';
import { readReached, type ReachedQuestion } from './read-reached.js';
import { readWorkspace } from './read-workspace.js';
import type { Revision } from './revision.js';
import type { CheckoutSite, ScratchSite } from './site.js';

/** The external repositories of a revision cannot be asked for. */
export class ExternalsUnknownError extends Error {
  override name = 'ExternalsUnknownError';
}

/** What repository rules and module extensions did when all were evaluated that may read the main repository. */
export interface LoggedEvaluation {
  readonly steps: readonly LoggedStep[];
  /** The folder of the workspace where Bazel saw it, absolute. */
  readonly folder: string;
  /** The folders of the workspace that repositories show, and the files there that labels in attributes name. */
  readonly shown: readonly WorkspacePath[];
}

/** Gets what Bazel knows about the external repositories of a plan's revisions. */
export interface ExternalsSource {
  /** How long all questions together may take. With 0, nothing may be asked. */
  readonly minutes: number;
  /**
   * Says, before graphs are made, that the external repositories of these revisions will be asked for. That is cheaper then.
   *
   * @param changes what else decides which questions are asked, as plain values
   * @throws BazelError, BazelStartError
   */
  announce(base: Revision, head: Revision, changes: readonly unknown[]): Promise<void>;
  /**
   * The version of the Bazel that is asked; null if it is unknown.
   *
   * @throws BazelStartError
   */
  version(): Promise<BazelVersion | null>;
  /**
   * @throws ExternalsUnknownError, BazelError, BazelStartError, ModuleOutputError, NoWorkspaceError, GitError
   */
  externalsOf(revision: Revision): Promise<Externals>;
  /**
   * The same externals, in which the registrations of some modules are known that were not fetched before.
   *
   * @param names the repositories of these modules
   * @throws as `externalsOf`; QueryOutputError
   */
  withModules(revision: Revision, externals: Externals, names: readonly CanonicalName[]): Promise<Externals>;
  /** Says that all questions were answered well, so that a later plan of the same revisions can use the answers. */
  keep(): Promise<void>;
  /** Ends what is being asked. Nothing may be asked afterwards. */
  stop(): void;
  /**
   * The targets of other repositories that patterns match, in no order. What does not load is missing.
   *
   * @param patterns with canonical names
   * @throws as `externalsOf`; QueryOutputError
   */
  targetsMatching(revision: Revision, patterns: readonly Label[]): Promise<readonly Target[]>;
  /**
   * What some targets of other repositories depend on.
   *
   * @throws as `externalsOf`; QueryOutputError
   */
  reachedFrom(revision: Revision, question: ReachedQuestion): Promise<ReachedExternals>;
}

/** Evaluates external repositories to see what they read. */
export interface LoggedExternals {
  /** The revisions whose externals were asked for. */
  readonly asked: ReadonlySet<Revision>;
  /** How long it may take. */
  readonly minutes: number;
  /**
   * Evaluates all module extensions of a revision anew, and the repository rules that may read the main repository.
   *
   * @throws UnrecordedError, RulesLogError, and as `ExternalsSource.externalsOf`
   */
  evaluationOf(revision: Revision): Promise<LoggedEvaluation>;
  /** Ends what is being asked. Nothing may be asked afterwards. */
  stop(): void;
}

/** From this version on, Bazel reads no WORKSPACE file. */
const FIRST_WITHOUT_WORKSPACE = 9;

/** The code of a WORKSPACE file that defines no repository. */
const ONLY_A_NAME = /^\s*(workspace\s*\([^()]*\)\s*)?$/;

/** A call of `workspace` with another name than a text, as tokens. */
const COMPUTED_NAME = /(^|\n)\s*workspace \( (?!name = ["']|\))/;

/** Makes a Bazel for the scratch folder or for the user's checkout that has loaded nothing yet. */
export type NewServer = (site: 'scratch' | 'checkout', log?: 'logs what rules do') => Bazel;

/**
 * Asks Bazel: in the user's checkout if it shows exactly the revision, else in the scratch folder. Two revisions can be asked
 * for at the same time.
 */
export class QueriedExternals implements ExternalsSource, LoggedExternals {
  private readonly servers = new Map<Revision, Bazel>();
  private readonly loggingServers: Bazel[] = [];
  private readonly revisions = new Set<Revision>();
  /** The revisions that the user's checkout shows, but where Bazel failed there. */
  private readonly failed = new Set<Revision>();
  private isStopped = false;
  /** What is done in the scratch folder, which has one revision at a time. */
  private scratchWork: Promise<unknown> = Promise.resolve();

  /** @param newServer makes a Bazel that has loaded nothing yet */
  constructor(
    private readonly scratch: ScratchSite,
    private readonly checkout: CheckoutSite,
    private readonly newServer: NewServer,
    readonly minutes: number,
  ) {}

  get asked(): ReadonlySet<Revision> {
    return this.revisions;
  }

  async version(): Promise<BazelVersion | null> {
    return parseBazelVersion(await this.checkout.bazel.versionText());
  }

  announce(): Promise<void> {
    this.scratch.keepForOneRevision();
    return Promise.resolve();
  }

  /** What was asked is kept nowhere. */
  keep(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    this.isStopped = true;
    const others = [...this.servers.values(), ...this.loggingServers];
    for (const bazel of [this.scratch.bazel, this.checkout.bazel, ...others]) bazel.stop();
  }

  async externalsOf(revision: Revision): Promise<Externals> {
    this.revisions.add(revision);
    return this.ask(revision, await this.readingOf(revision));
  }

  async evaluationOf(revision: Revision): Promise<LoggedEvaluation> {
    this.requireGoingOn();
    const read = await this.readingOf(revision);
    const isShown = await this.checkout.shows(revision, 'all');
    if (!isShown) await this.scratch.checkOut(revision);
    const bazel = this.newServer(isShown ? 'checkout' : 'scratch', 'logs what rules do');
    this.loggingServers.push(bazel);
    const shown = await evaluateExternals(bazel, read);
    return { steps: bazel.loggedSteps(), folder: bazel.workspace, shown };
  }

  /**
   * How to ask a Bazel for the external repositories of a revision that it shows.
   *
   * @throws ExternalsUnknownError, BazelError, BazelStartError, GitError
   */
  private async readingOf(revision: Revision): Promise<(bazel: Bazel) => Promise<Externals>> {
    const version = await this.version();
    if (version === null) throw new ExternalsUnknownError('the version of Bazel is unknown');
    const { files } = revision;
    const isRead = version.major < FIRST_WITHOUT_WORKSPACE;
    const workspaceTexts = isRead ? await textsOf(files, WORKSPACE_TEXTS) : new Map<WorkspacePath, string>();
    const moduleFiles = await moduleFilesOf(revision);
    const computing = [...workspaceTexts].find(([, text]) => COMPUTED_NAME.test(significantCode(text)));
    if (computing !== undefined)
      throw new ExternalsUnknownError(`${computing[0]} makes the name of the workspace by code`);
    const isDefining = [...workspaceTexts.values()].some((text) => !ONLY_A_NAME.test(significantCode(text)));
    return async (bazel) => {
      const mayBeAlone = isRead && !files.has(MODULE_FILE);
      const workspace = isDefining || mayBeAlone ? await readWorkspace(bazel) : null;
      if (workspace !== null && (await bazel.modules.areOff())) {
        const path = WORKSPACE_FILES.find((each) => files.has(each));
        const text = path === undefined ? undefined : workspaceTexts.get(path);
        return externalsOfWorkspace(
          bazel,
          workspace,
          mainRepositoryOf(text === undefined ? [] : [text]).names,
        );
      }
      if (!knowsMappings(version))
        throw new ExternalsUnknownError('only Bazel 7.1 and later can list the repositories of modules');
      return readExternals(bazel, moduleFiles, workspace);
    };
  }

  async withModules(
    revision: Revision,
    externals: Externals,
    names: readonly CanonicalName[],
  ): Promise<Externals> {
    return names.length === 0
      ? externals
      : this.ask(revision, (bazel) => withFetchedModules(bazel, externals, names));
  }

  async targetsMatching(revision: Revision, patterns: readonly Label[]): Promise<readonly Target[]> {
    return patterns.length === 0 ? [] : this.ask(revision, (bazel) => bazel.targetsMatching(patterns));
  }

  async reachedFrom(revision: Revision, question: ReachedQuestion): Promise<ReachedExternals> {
    return this.ask(revision, (bazel) => readReached(bazel, question));
  }

  private async ask<T>(revision: Revision, question: (bazel: Bazel) => Promise<T>): Promise<T> {
    if (!this.failed.has(revision) && (await this.checkout.shows(revision, 'all'))) {
      try {
        return await question(this.checkout.bazel);
      } catch (error) {
        // In the scratch folder, Bazel may write its lock file and so may succeed there.
        if (!(error instanceof BazelError)) throw error;
        this.failed.add(revision);
      }
    }
    return this.inScratch(async () => {
      // A call that was ended fails like any other, and must not lead to another one.
      this.requireGoingOn();
      await this.scratch.checkOut(revision);
      this.requireGoingOn();
      const bazel = this.serverFor(revision);
      return question(revision.files.has(LOCK_FILE) ? bazel : bazel.withoutLockFile());
    });
  }

  /** @throws ExternalsUnknownError */
  private requireGoingOn(): void {
    if (this.isStopped) throw new ExternalsUnknownError('it was ended');
  }

  /** Does some work after all that was to be done in the scratch folder before. */
  private inScratch<T>(work: () => Promise<T>): Promise<T> {
    const done = this.scratchWork.then(work, work);
    this.scratchWork = done;
    return done;
  }

  /**
   * A server that has loaded only this revision. One that has loaded another may have read there what no repository rule
   * declares to read, and would not read it again.
   */
  private serverFor(revision: Revision): Bazel {
    const known = this.servers.get(revision);
    // The graph of another revision may have been asked for in the scratch folder since.
    if (known !== undefined && (known !== this.scratch.bazel || this.scratch.hasShownOnly(revision)))
      return known;
    const server = this.scratch.hasShownOnly(revision) ? this.scratch.bazel : this.newServer('scratch');
    this.servers.set(revision, server);
    return server;
  }
}

/**
 * The texts of MODULE.bazel and of the files that it may include.
 *
 * @throws ExternalsUnknownError, GitError
 */
async function moduleFilesOf({ files }: Revision): Promise<string[]> {
  const paths = files.listing.entries.map(({ path }) => path).filter(isBzlmodFile);
  const texts = await files.texts(paths);
  if (files.has(MODULE_FILE) && !texts.has(MODULE_FILE))
    throw new ExternalsUnknownError(`${MODULE_FILE} cannot be read`);
  return [...texts.values()];
}

const WORKSPACE_TEXTS = [...WORKSPACE_FILES, WORKSPACE_FILE_BESIDE_MODULES];

/** @throws ExternalsUnknownError if one of the files cannot be read: a symlink that leads out of the repository */
async function textsOf(
  files: Revision['files'],
  paths: readonly WorkspacePath[],
): Promise<Map<WorkspacePath, string>> {
  const texts = await files.texts(paths);
  return new Map(
    paths
      .filter((path) => files.has(path))
      .map((path) => {
        const text = texts.get(path);
        if (text === undefined) throw new ExternalsUnknownError(`${path} cannot be read`);
        return [path, text];
      }),
  );
}

/** `bazel mod` prints mappings from 7.1 on. */
function knowsMappings({ major, minor }: NonNullable<BazelVersion>): boolean {
  return major > 7 || (major === 7 && minor >= 1);
}
