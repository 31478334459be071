import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_FAILED } from '../../formats/exit-codes.js';
import { run, type Ended } from '../process/run.js';
import { QueryRc } from './query-rc.js';
import { orStartError } from './start-error.js';

/** How the user wants Bazel called. */
export interface BazelOptions {
  /** The program: a name on the PATH, or a path. */
  readonly command: string;
  readonly startupOptions: readonly string[];
  readonly queryOptions: readonly string[];
}

/**
 * For a server that serves a few queries and ends, start-up and memory matter and peak speed does not:
 * half the time and a third of the memory of the defaults (docs/performance.md).
 */
const SHORT_LIVED_SERVER = [
  '--host_jvm_args=-XX:TieredStopAtLevel=1',
  // Were this process killed, its server would end by itself.
  '--max_idle_secs=120',
];

/** With a second one Java does not start, so it is left out where the user chose one. */
const SMALL_COLLECTOR = '--host_jvm_args=-XX:+UseSerialGC';

/** The server of a Bazel of our own: how it is started, called and ended. */
export class BazelServer {
  private started = false;
  /** Set once a server did not start since somebody chose another collector, where no rc file is known to say so. */
  private isCollectorChosen = false;

  /**
   * @param workspace the folder of the workspace that is queried, absolute
   * @param privateFolder an existing folder for the output base, absolute
   */
  constructor(
    private readonly options: BazelOptions,
    private readonly workspace: string,
    private readonly privateFolder: string,
  ) {}

  /** Calls Bazel for what it prints as short text. @throws BazelStartError */
  async call(args: readonly string[]): Promise<Ended> {
    const { ended } = await this.start(async () => ({
      ended: await run({
        tool: this.options.command,
        args: [...this.startup(), ...args],
        folder: this.workspace,
      }),
    }));
    return ended;
  }

  /** Lets Bazel be called, and once more where Java did not start since it was told to use two garbage collectors. @throws BazelStartError */
  async start<T extends { readonly ended: Pick<Ended, 'exitCode' | 'stderr'> }>(
    call: () => Promise<T>,
  ): Promise<T> {
    this.started = true;
    const first = await orStartError(call(), this.workspace);
    const { exitCode, stderr } = first.ended;
    const isTwo = exitCode === SERVER_FAILED && /multiple garbage collectors/i.test(stderr);
    if (!isTwo || this.isCollectorChosen) return first;
    this.isCollectorChosen = true;
    return orStartError(call(), this.workspace);
  }

  /** The startup options of a call. @param userOptions those that the user wants, or what stands for them */
  startup(userOptions: readonly string[] = this.options.startupOptions): string[] {
    const isChosen = this.isCollectorChosen || this.choosesCollector();
    // The output base last: one that the user names is for the legs, and its server is not ours to end.
    return [
      ...SHORT_LIVED_SERVER,
      ...(isChosen ? [] : [SMALL_COLLECTOR]),
      ...userOptions,
      `--output_base=${this.outputBase}`,
    ];
  }

  /** Ends the server; the next query starts another. */
  async restart(): Promise<void> {
    if (this.started) await this.call(['shutdown']);
  }

  /**
   * Ends the server at once, without asking: it works for nobody else, and what it leaves is thrown away. Never throws:
   * it is called when other things have failed already, and on a signal.
   */
  stop(): void {
    try {
      const pid = Number(readFileSync(join(this.outputBase, 'server/server.pid.txt'), 'utf8'));
      if (pid > 1) process.kill(pid, 'SIGKILL');
    } catch {
      // No server was started, or it has ended.
    }
    try {
      rmSync(this.outputBase, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A folder that Bazel made read-only stays for the system to clean up: it lies in the temporary folder.
    }
  }

  private choosesCollector(): boolean {
    return new QueryRc(this.workspace, this.options.startupOptions).choosesCollector;
  }

  private get outputBase(): string {
    return join(this.privateFolder, 'output-base');
  }
}
