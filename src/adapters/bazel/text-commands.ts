import { listedOptions } from '../../formats/listed-options.js';
import type { Ended } from '../process/run.js';
import type { QueryRc } from './query-rc.js';
import type { BazelServer } from './server.js';

/** Calls commands of Bazel beside queries, with the options that decide what builds load. */
export class TextCommands {
  /**
   * @param queryOptions the user's options for queries; those that a command has too are used
   * @param lockFileOptions whether Bazel reads and writes the lock file of the modules
   * @param loggingOptions for the next call, given the names of the options that its command has
   * @param known the names of the options of commands, as far as Bazel was asked for them; more are added
   */
  constructor(
    private readonly server: BazelServer,
    private readonly rc: QueryRc,
    private readonly queryOptions: readonly string[],
    private readonly lockFileOptions: readonly string[],
    private readonly loggingOptions: (known: ReadonlySet<string>) => readonly string[],
    private readonly known = new Map<string, Promise<ReadonlySet<string>>>(),
  ) {}

  /**
   * @param command with its arguments, such as `mod graph`
   * @throws BazelStartError
   */
  async call(command: readonly [string, ...string[]], args: readonly string[]): Promise<Ended> {
    const known = await this.knownOptions(command[0]);
    const isKnown = (option: string): boolean => known.has(/^--(?:no)?([^=]*)/.exec(option)?.[1] ?? '');
    return this.server.call([
      ...command,
      ...this.rc.graphOptionsOfBuilds(known),
      ...this.queryOptions.filter(isKnown),
      ...this.lockFileOptions.filter(isKnown),
      ...this.loggingOptions(known),
      '--color=no',
      ...args,
    ]);
  }

  private knownOptions(command: string): Promise<ReadonlySet<string>> {
    const known =
      this.known.get(command) ??
      this.server.call(['help', command, '--short']).then(({ stdout }) => listedOptions(stdout));
    this.known.set(command, known);
    return known;
  }
}
