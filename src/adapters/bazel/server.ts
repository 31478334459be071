import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { SERVER_FAILED } from '../../formats/exit-codes.js';
import { run, type Ended } from '../process/run.js';
import { QueryRc } from './query-rc.js';
import { orStartError } from './start-error.js';

/** How to call Bazel, as the user configured it. */
export interface BazelOptions {
  /** The program: a name on the PATH, or a path. */
  readonly command: string;
  readonly startupOptions: readonly string[];
  readonly queryOptions: readonly string[];
  /** The configurations that both the queries and the legs turn on, as options: `--config=ci`. */
  readonly sharedConfigurations?: readonly string[];
}

/**
 * This server answers a few queries and ends, so start-up time and memory matter more than peak speed. These options
 * take half the time and a third of the memory of the defaults (docs/performance.md).
 */
const SHORT_LIVED_SERVER = [
  '--host_jvm_args=-XX:TieredStopAtLevel=1',
  // Ends the server if this process is killed and cannot do it.
  '--max_idle_secs=120',
];

/** Java does not start with two garbage collectors, so this option is left out if the user chose one. */
const SMALL_COLLECTOR = '--host_jvm_args=-XX:+UseSerialGC';

/** The private Bazel server: starts, calls and ends it. */
export class BazelServer {
  private started = false;
  /** Set after a server failed to start because a collector was chosen somewhere that we do not read. */
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

  /** Calls Bazel for short text output. @throws BazelStartError */
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

  /**
   * Makes a call, and repeats it once if Java did not start because two garbage collectors were chosen.
   *
   * @throws BazelStartError
   */
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

  /** The startup options of a call. @param userOptions the user's options, or their replacement */
  startup(userOptions: readonly string[] = this.options.startupOptions): string[] {
    const isChosen = this.isCollectorChosen || this.choosesCollector();
    // The output base comes last, to override one that the user names: that one is for the legs, and we must not end
    // its server.
    return [
      ...SHORT_LIVED_SERVER,
      ...(isChosen ? [] : [SMALL_COLLECTOR]),
      ...userOptions,
      `--output_base=${this.outputBase}`,
    ];
  }

  /** Ends the server. The next query starts another one. */
  async restart(): Promise<void> {
    if (this.started) await this.call(['shutdown']);
  }

  /**
   * Kills the server without waiting for it. This is safe: the server is private, and its output base is deleted. Never
   * throws, because it is called after other failures and on a signal.
   */
  stop(): void {
    try {
      const pid = Number(readFileSync(join(this.outputBase, 'server/server.pid.txt'), 'utf8'));
      if (pid > 1) process.kill(pid, 'SIGKILL');
    } catch {
      // No server was started, or it has already ended.
    }
    try {
      rmSync(this.outputBase, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // Bazel makes some folders read-only. They are in the temporary folder, which the system cleans up.
    }
  }

  private choosesCollector(): boolean {
    return new QueryRc(this.workspace, this.options).choosesCollector;
  }

  private get outputBase(): string {
    return join(this.privateFolder, 'output-base');
  }
}
