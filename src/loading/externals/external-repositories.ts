import type { ModuleCalls } from '../../formats/module-calls.js';
import type { CanonicalName, RepositoryMapping } from '../../graph/repository.js';
import type { WorkspacePath } from '../../graph/label.js';
import type { StandIn } from './stand-ins.js';

/** An external repository, as it is defined. Whether it was fetched does not matter. */
export interface ExternalRepository {
  readonly name: CanonicalName;
  /** A digest of its attributes, and of the code of the rule that makes it. */
  readonly definition: string;
  /** The repositories that its BUILD files can name beside those that it has names for: its attributes name them. */
  readonly sees: readonly CanonicalName[];
  /** The repositories whose files its rule may read: those in its attributes, and that of the rule's code. */
  readonly reads: readonly CanonicalName[];
  /** Whether its rule may read files of the main repository. */
  readonly readsMain: boolean;
  /** Whether its rule or an attribute names MODULE.bazel or the lock file. */
  readonly readsModuleFiles: boolean;
  /** The files of the main repository that labels in its attributes name, whether they exist or not. */
  readonly namedFiles: readonly WorkspacePath[];
  /** The folder of the workspace that it shows; null if it shows none. */
  readonly localFolder: WorkspacePath | null;
  /** Whether it shows a folder of this machine outside of the workspace, whose files no revision has. */
  readonly showsOutside: boolean;
  /** What a query can be asked about instead, so that the repository is not fetched for it; null if there is nothing. */
  readonly standIn: StandIn | null;
}

/** A module of the workspace after versions were resolved. */
export interface ExternalModule {
  /** Its name; with its version if the workspace has several versions of it. */
  readonly name: string;
  readonly repository: CanonicalName;
  /** The names of the modules that it depends on, in no meaningful order. */
  readonly dependencies: readonly string[];
  /** What its MODULE.bazel calls; null if that file could not be read. */
  readonly calls: ModuleCalls | null;
}

/** The external repositories of one revision. */
export interface Externals {
  /** What the main repository calls the others. */
  readonly mapping: RepositoryMapping;
  /** What each repository, also the main one, calls the others. */
  readonly mappings: ReadonlyMap<CanonicalName, RepositoryMapping>;
  readonly repositories: ReadonlyMap<CanonicalName, ExternalRepository>;
  /** By name. The main module is called `''`. */
  readonly modules: ReadonlyMap<string, ExternalModule>;
}

/** The name of the main module among the modules. */
export const MAIN_MODULE = '';

/** The name under which the code of a WORKSPACE file is one of the modules, because it registers toolchains as these do. */
export const WORKSPACE_MODULE = '//external';
