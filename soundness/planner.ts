/** Makes plans with the bundled command line, as a developer would. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Plan {
  readonly test: readonly string[];
  readonly affected: readonly string[];
  readonly excluded: readonly string[];
  /** Why everything is affected. */
  readonly everything: string | undefined;
}

export type Planned = { readonly plan: Plan } | { readonly error: string };

/** The parts of the plan file that are read here. */
interface PlanFile {
  readonly test: readonly string[];
  readonly affected: readonly { readonly label: string }[];
  readonly excluded: readonly { readonly label: string }[];
  readonly everything: { readonly reason: string } | null;
}

/** Plans of one workspace, with the snapshots that they keep. */
export class Planner {
  private readonly cli: string;
  private readonly bazel: string;
  private readonly workspace: string;
  private readonly folder: string;
  private readonly servers: 'one for all' | 'one for each';

  /**
   * @param folder an existing folder outside of the workspace, for snapshots and an output base
   * @param servers one server for all plans answers faster than one for each, as users have it
   */
  constructor(
    cli: string,
    bazel: string,
    workspace: string,
    folder: string,
    servers: 'one for all' | 'one for each',
  ) {
    this.cli = cli;
    this.bazel = bazel;
    this.workspace = workspace;
    this.folder = folder;
    this.servers = servers;
    writeFileSync(this.wrapper, wrapperText(bazel, workspace, this.outputBase), { mode: 0o755 });
  }

  private get wrapper(): string {
    return join(this.folder, 'bazel');
  }

  private get outputBase(): string {
    return join(this.folder, 'plans');
  }

  /** Ends the server of all plans, if there is one. */
  restart(): void {
    if (this.servers === 'one for all')
      spawnSync(this.bazel, [`--output_base=${this.outputBase}`, 'shutdown'], { cwd: this.workspace });
  }

  /**
   * Lets the server of all plans fetch repositories again, whose rules may read files without saying so. Users have
   * servers that loaded no other revision.
   */
  forgetRepositories(): void {
    this.restart();
    rmSync(join(this.outputBase, 'external'), { recursive: true, force: true });
  }

  /** @param snapshots none: the plan neither reads nor writes them, and has a server of its own */
  plan(base: string, head: string, snapshots: 'kept' | 'none'): Planned {
    const args = [this.cli, 'plan', '--base', base, '--head', head, '--json'];
    if (snapshots === 'none') args.push('--snapshots', 'false');
    const shares = this.servers === 'one for all' && snapshots === 'kept';
    const environment = {
      ...process.env,
      BAZEL: shares ? this.wrapper : this.bazel,
      XDG_CACHE_HOME: join(this.folder, 'snapshots'),
    };
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd: this.workspace,
      env: environment,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (error) throw error;
    if (status !== 0) return { error: stderr.trim() };
    const file = JSON.parse(stdout) as PlanFile;
    return {
      plan: {
        test: file.test,
        affected: file.affected.map(({ label }) => label),
        excluded: file.excluded.map(({ label }) => label),
        everything: file.everything?.reason,
      },
    };
  }
}

/** A Bazel that answers in the workspace with a server that stays, unless it shall log what it evaluates. */
function wrapperText(bazel: string, workspace: string, outputBase: string): string {
  return `#!/bin/sh
if [ "$PWD" = '${workspace}' ]; then
  for argument; do
    shift
    case $argument in
      --output_base=*/logging-server-*) ;;
      --output_base=*) argument='--output_base=${outputBase}' ;;
      shutdown) exit 0 ;;
    esac
    set -- "$@" "$argument"
  done
fi
exec '${bazel}' "$@"
`;
}
