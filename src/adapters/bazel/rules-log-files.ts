import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseRulesLog, RulesLogError, type LoggedStep } from '../../formats/rules-log.js';

/** The files in which Bazel logs what repository rules and module extensions do, one for each call. */
export class RulesLogFiles {
  private readonly files: string[] = [];

  /** @param folder an existing folder for the files, absolute */
  constructor(private readonly folder: string) {}

  /** The options of the next call, which logs into a file of its own: Bazel does not append to one. */
  nextOptions(): string[] {
    const file = join(this.folder, `rules-log-${this.files.length}`);
    rmSync(file, { force: true });
    this.files.push(file);
    return [`--experimental_workspace_rules_log_file=${file}`];
  }

  /** What all calls so far logged. @throws RulesLogError */
  steps(): LoggedStep[] {
    return this.files.flatMap((file) => parseRulesLog(read(file)));
  }
}

/** Bazel makes the file even if there is nothing to log. @throws RulesLogError */
function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new RulesLogError('Bazel wrote no log of repository rules', { cause: error });
  }
}
