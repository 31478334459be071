import { LoadClosure, loadStatements, type LoadStatements } from '../inputs/load-closure.js';
import { loadingInputs } from '../inputs/loading-inputs.js';
import type { Loading } from '../snapshot/dirty.js';
import { supplyTexts } from '../inputs/texts.js';
import type { LoadingInputs } from '../inputs/loading-inputs.js';
import type { RevisionFiles } from './revision-files.js';

/** Reads the files of revisions that Bazel's loading phase would read, each file once. */
export class LoadingReader {
  private readonly inputs = new WeakMap<RevisionFiles, Promise<LoadingInputs>>();
  private known: LoadStatements = new Map();

  /**
   * The loading inputs of a revision.
   *
   * @throws GitError
   */
  inputsOf(files: RevisionFiles): Promise<LoadingInputs> {
    const known = this.inputs.get(files);
    if (known !== undefined) return known;
    const reading = inputsNeeded(files);
    this.inputs.set(files, reading);
    return reading;
  }

  /**
   * The loading inputs with all load statements.
   *
   * @throws GitError
   */
  async loadingOf(files: RevisionFiles): Promise<Loading> {
    const inputs = await this.inputsOf(files);
    const statements = await supplyTexts(loadStatements(inputs, this.known), (ids) => files.read(ids));
    this.learn(statements);
    return { inputs, statements };
  }

  /**
   * Which packages load which .bzl files.
   *
   * @throws GitError
   */
  async closureOf(files: RevisionFiles): Promise<LoadClosure> {
    const { inputs, statements } = await this.loadingOf(files);
    return new LoadClosure(inputs, statements);
  }

  /** Takes over load statements that are known already, by object id, so that their files are not read again. */
  learn(statements: LoadStatements): void {
    this.known = new Map([...this.known, ...statements]);
  }
}

async function inputsNeeded(files: RevisionFiles): Promise<LoadingInputs> {
  const outside = await files.lookOutside();
  const computation = loadingInputs(files.listing, outside, (path, text) => files.linkText(path, text));
  return supplyTexts(computation, (ids) => files.read(ids));
}
