import type { PackagePath, WorkspacePath } from '../../graph/label.js';
import { BUILD_FILES } from '../../graph/package.js';
import { loadedLabels, resolveLoad } from '../../formats/starlark-loads.js';
import type { LoadingInputs } from './loading-inputs.js';
import { folderOf } from '../../graph/folders.js';
import { Symlinks, type Resolution } from './symlinks.js';
import type { NeedsTexts } from './texts.js';

/** The labels that BUILD and .bzl files load, by the object id of the file's text. */
export type LoadStatements = ReadonlyMap<string, readonly string[]>;

/**
 * The load statements of all BUILD and .bzl files of a revision. Each text is scanned once.
 *
 * @param known load statements by object id, of other revisions; these texts are not read again
 */
export function* loadStatements(inputs: LoadingInputs, known: LoadStatements): NeedsTexts<LoadStatements> {
  const statements = new Map<string, readonly string[]>();
  const unknown = new Set<string>();
  for (const objectId of [...inputs.buildFiles.values(), ...inputs.starlark.values()]) {
    const labels = known.get(objectId);
    if (labels === undefined) unknown.add(objectId);
    else statements.set(objectId, labels);
  }
  if (unknown.size === 0) return statements;
  const texts = yield [...unknown];
  for (const objectId of unknown) statements.set(objectId, loadedLabels(texts.get(objectId) ?? ''));
  return statements;
}

/**
 * A file as a label names it. The package is part of it, because the file's relative loads are resolved in that
 * package.
 */
interface Loaded {
  readonly packagePath: PackagePath;
  readonly path: WorkspacePath;
}

/** Which packages load which .bzl files of the main repository, directly or through others. */
export class LoadClosure {
  private readonly symlinks: Symlinks;
  /**
   * The files that load each file. The keys are the path in the label and, if that path leads through symlinks, the
   * real path too.
   */
  private readonly loadersOf = new Map<string, Set<string>>();
  /** The files that load from each other repository, by the name that they call it. */
  private readonly loadersFrom = new Map<string, Set<string>>();
  private readonly packageOfBuildFile = new Map<string, PackagePath>();
  private readonly lacking = new Set<WorkspacePath>();

  /** @param buildFiles the BUILD files of the packages to look at */
  constructor(
    private readonly inputs: LoadingInputs,
    private readonly statements: LoadStatements,
    buildFiles: Iterable<WorkspacePath> = inputs.buildFiles.keys(),
  ) {
    this.symlinks = new Symlinks(inputs.paths, inputs.links, new Set(inputs.submodules.keys()));
    const pending: Loaded[] = [];
    for (const path of buildFiles) {
      const packagePath = folderOf(path);
      this.packageOfBuildFile.set(path, packagePath);
      pending.push({ packagePath, path });
    }
    this.connect(pending);
  }

  /**
   * The packages that load one of the files, directly or through others. A load of a missing file counts too, because
   * adding the file changes the packages that name it.
   */
  packagesLoading(files: Iterable<WorkspacePath>): Set<PackagePath> {
    return this.packagesReaching(files);
  }

  /** The packages that load a file of some other repositories, directly or through files of the main one. */
  packagesLoadingFrom(isOne: (repository: string) => boolean): Set<PackagePath> {
    const loaders = [...this.loadersFrom].flatMap(([name, files]) => (isOne(name) ? [...files] : []));
    return this.packagesReaching(loaders);
  }

  private packagesReaching(files: Iterable<string>): Set<PackagePath> {
    const packages = new Set<PackagePath>();
    for (const path of reachable(files, this.loadersOf)) {
      const packagePath = this.packageOfBuildFile.get(path);
      if (packagePath !== undefined) packages.add(packagePath);
    }
    return packages;
  }

  /** Whether a package loads the file, directly or through others. */
  isLoaded(file: WorkspacePath): boolean {
    return this.loadersOf.has(file);
  }

  /**
   * Files that load statements need and that the revision does not have: .bzl files, and the BUILD files of their
   * packages. Most of them come from examples in comments, because a revision that really loads a missing file fails to
   * load.
   */
  lackingFiles(): WorkspacePath[] {
    return [...this.lacking].sort();
  }

  private connect(pending: Loaded[]): void {
    const visited = new Set<string>();
    for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
      for (const label of this.labelsIn(file.path)) {
        const loaded = resolveLoad(label, file.packagePath, this.inputs.main);
        if (loaded.kind === 'external') {
          addEdge(this.loadersFrom, file.path, loaded.repository);
          continue;
        }
        addEdge(this.loadersOf, file.path, loaded.path);
        const behind = this.symlinks.resolve(loaded.path);
        if (behind.kind !== 'outside' && behind.path !== loaded.path)
          addEdge(this.loadersOf, loaded.path, behind.path);
        const key = `${loaded.packagePath}:${loaded.path}`;
        if (visited.has(key)) continue;
        visited.add(key);
        this.noteLacking(loaded, behind.kind);
        pending.push(loaded);
      }
    }
  }

  private noteLacking({ packagePath, path }: Loaded, kind: Resolution['kind']): void {
    if (kind === 'missing') this.lacking.add(path);
    const buildFiles = BUILD_FILES.map((name) => within(packagePath, name));
    if (buildFiles.every((file) => this.symlinks.resolve(file).kind === 'missing'))
      for (const file of buildFiles) this.lacking.add(file);
  }

  private labelsIn(path: WorkspacePath): readonly string[] {
    const { buildFiles, starlark } = this.inputs;
    const own = buildFiles.get(path) ?? starlark.get(path);
    const objectId = own ?? starlark.get(this.symlinks.resolve(path).path as WorkspacePath);
    return objectId === undefined ? [] : (this.statements.get(objectId) ?? []);
  }
}

function addEdge(edges: Map<string, Set<string>>, from: string, to: string): void {
  const known = edges.get(to);
  if (known === undefined) edges.set(to, new Set([from]));
  else known.add(from);
}

function within(packagePath: PackagePath, name: string): WorkspacePath {
  return (packagePath === '' ? name : `${packagePath}/${name}`) as WorkspacePath;
}

/** All nodes that can be reached along the edges, the start included. Cycles do no harm. */
function reachable(start: Iterable<string>, edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const reached = new Set(start);
  for (const path of reached) for (const next of edges.get(path) ?? []) reached.add(next);
  return reached;
}
