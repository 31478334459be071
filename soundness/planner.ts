/** Makes plans with the bundled command line, as a developer would. */
import { spawnSync } from 'node:child_process';

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

export class Planner {
  private readonly cli: string;
  private readonly workspace: string;
  private readonly environment: NodeJS.ProcessEnv;

  /** @param caches the folder of the snapshots that its plans keep */
  constructor(cli: string, bazel: string, workspace: string, caches: string) {
    this.cli = cli;
    this.workspace = workspace;
    this.environment = { ...process.env, BAZEL: bazel, XDG_CACHE_HOME: caches };
  }

  plan(base: string, head: string, snapshots: 'kept' | 'none'): Planned {
    const args = [this.cli, 'plan', '--base', base, '--head', head, '--json'];
    if (snapshots === 'none') args.push('--snapshots', 'false');
    const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
      cwd: this.workspace,
      env: this.environment,
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
