import { LoadClosure, loadStatements, type LoadStatements } from '../inputs/load-closure.js';
import type { TriedRecord } from '../externals/externals-record.js';
import {
  loadingInputs,
  type LoadingInputs,
  type LoadingInputsOfRevision,
  type Recording,
} from '../inputs/loading-inputs.js';
import type { Loading } from '../snapshot/dirty.js';
import { supplyTexts } from '../inputs/texts.js';
import type { RevisionFiles } from './revision-files.js';

/** Reads the files of revisions that Bazel's loading phase would read, each file once. */
export class LoadingReader {
  private inputs = new WeakMap<RevisionFiles, Promise<LoadingInputsOfRevision>>();
  private known: LoadStatements = new Map();

  /**
   * @param records of what external repositories read in some revisions
   * @param recording whether Bazel may be asked for more records
   */
  constructor(
    private records: readonly TriedRecord[] = [],
    private readonly recording: Recording = 'possible',
  ) {}

  /**
   * The loading inputs of a revision.
   *
   * @throws GitError
   */
  async inputsOf(files: RevisionFiles): Promise<LoadingInputs> {
    return (await this.allOf(files)).inputs;
  }

  /**
   * The loading inputs, and what is known about external repositories.
   *
   * @throws GitError
   */
  allOf(files: RevisionFiles): Promise<LoadingInputsOfRevision> {
    const known = this.inputs.get(files);
    if (known !== undefined) return known;
    const reading = inputsNeeded(files, this.records, this.recording);
    this.inputs.set(files, reading);
    return reading;
  }

  /** Takes over a record. The loading inputs of revisions to which it belongs are others from then on. */
  learnRecord(record: TriedRecord): void {
    this.records = [record, ...this.records];
    this.inputs = new WeakMap();
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

async function inputsNeeded(
  files: RevisionFiles,
  records: readonly TriedRecord[],
  recording: Recording,
): Promise<LoadingInputsOfRevision> {
  const outside = await files.lookOutside();
  const linkText = files.linkText.bind(files);
  const computation = loadingInputs(files.listing, { records, recording }, outside, linkText);
  return supplyTexts(computation, (ids) => files.read(ids));
}
