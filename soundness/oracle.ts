/** Asks Bazel itself what a revision runs again and what it builds. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What Bazel made of a target. */
export type State = 'built' | 'failed' | 'skipped';

/** What one run of `bazel test //...` says. */
export interface Observation {
  /** False: a package, a module file or an rc file has an error, so the rest is not the whole. */
  readonly loads: boolean;
  /** Tests that were run, not taken from an earlier run. */
  readonly ran: ReadonlySet<string>;
  /** Tests that passed, in this run or an earlier one. */
  readonly passed: ReadonlySet<string>;
  readonly tests: ReadonlySet<string>;
  readonly states: ReadonlyMap<string, State>;
  /** Digest of the names and bytes of a target's outputs, by label. */
  readonly outputs: ReadonlyMap<string, string>;
  /** What Bazel printed. */
  readonly log: string;
}

/** These make a server small. They hold for the oracle only: a plan has a server of its own. */
const SERVER = ['--host_jvm_args=-Xmx1g', '--host_jvm_args=-XX:TieredStopAtLevel=1', '--max_idle_secs=600'];

/** What Bazel keeps about a fetched repository that the main module's own code made (`~` up to 7, `+` from 8). */
const OWN_MARKER = /^@_main[~+].*\.marker$|^@[~+].*\.marker$/;

/** A Bazel with an output base that stays warm between the revisions of one workspace. */
export class Oracle {
  private readonly startup: readonly string[];
  private readonly outputBase: string;
  private readonly events: string;
  private readonly bazel: string;
  private readonly workspace: string;

  /** @param folder of its own, outside of the workspace */
  constructor(bazel: string, workspace: string, folder: string) {
    mkdirSync(folder, { recursive: true });
    this.bazel = bazel;
    this.workspace = workspace;
    this.outputBase = join(folder, 'output-base');
    this.startup = [`--output_base=${this.outputBase}`, ...SERVER];
    this.events = join(folder, 'events.json');
  }

  /** Builds and tests what is checked out. */
  observe(): Observation {
    rmSync(this.events, { force: true });
    const { status, output } = this.run([
      'test',
      '//...',
      '--keep_going',
      '--noshow_progress',
      '--experimental_convenience_symlinks=ignore',
      `--build_event_json_file=${this.events}`,
    ]);
    // Zero, three and four: all was built, and tests passed, failed, or there were none.
    const loads = status === 0 || status === 3 || status === 4 || this.loads();
    return readEvents(eventsIn(this.events), loads, output);
  }

  /** Forgets what a running server keeps in memory. What was built stays. */
  restart(): void {
    this.run(['shutdown']);
  }

  /** Lets Bazel fetch the repositories of the workspace's own rules and extensions again, as a fresh machine would. */
  forgetRepositories(): void {
    this.restart();
    const folder = join(this.outputBase, 'external');
    for (const name of existsSync(folder) ? readdirSync(folder) : [])
      if (OWN_MARKER.test(name)) rmSync(join(folder, name));
  }

  private loads(): boolean {
    return this.run(['query', '//...', '--noshow_progress']).status === 0;
  }

  private run(args: readonly string[]): { status: number | null; output: string } {
    const { status, stdout, stderr, error } = spawnSync(this.bazel, [...this.startup, ...args], {
      cwd: this.workspace,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    if (error) throw error;
    return { status, output: stderr + stdout };
  }
}

function eventsIn(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
  } catch {
    return []; // it did not get so far
  }
}

interface FileSet {
  readonly files?: readonly { readonly name?: string; readonly digest?: string; readonly length?: string }[];
  readonly fileSets?: readonly { readonly id: string }[];
}

interface Event {
  readonly id: {
    readonly namedSet?: { readonly id: string };
    readonly targetConfigured?: { readonly label: string };
    readonly targetCompleted?: { readonly label: string; readonly aspect?: string };
    readonly testResult?: { readonly label: string };
    readonly testSummary?: { readonly label: string };
  };
  readonly namedSetOfFiles?: FileSet;
  readonly configured?: { readonly targetKind?: string };
  readonly completed?: {
    readonly success?: boolean;
    readonly outputGroup?: readonly {
      readonly name?: string;
      readonly fileSets?: readonly { readonly id: string }[];
    }[];
  };
  readonly aborted?: { readonly reason?: string };
  readonly testResult?: {
    readonly cachedLocally?: boolean;
    readonly executionInfo?: { readonly cachedRemotely?: boolean };
  };
  readonly testSummary?: { readonly overallStatus?: string };
}

/** @param lines of a build event file in JSON */
export function readEvents(lines: readonly string[], loads: boolean, log: string): Observation {
  const events = lines.map((line) => JSON.parse(line) as Event);
  const sets = new Map(
    events.flatMap(({ id, namedSetOfFiles }): [string, FileSet][] =>
      id.namedSet === undefined ? [] : [[id.namedSet.id, namedSetOfFiles ?? {}]],
    ),
  );
  const ran = new Set<string>();
  const passed = new Set<string>();
  const tests = new Set<string>();
  const states = new Map<string, State>();
  const outputs = new Map<string, string[]>();
  for (const { id, configured, completed, aborted, testResult, testSummary } of events) {
    if (id.targetConfigured !== undefined) {
      const label = plainLabel(id.targetConfigured.label);
      if (configured?.targetKind?.endsWith('_test rule') === true) tests.add(label);
      if (aborted !== undefined) states.set(label, stateOfAborted(aborted.reason));
    }
    if (id.targetCompleted !== undefined) {
      const { label, aspect = '' } = id.targetCompleted;
      const name = plainLabel(label);
      const state = completed?.success === true ? 'built' : stateOfAborted(aborted?.reason);
      if (aspect === '' || state !== 'built') states.set(name, state);
      const files = (completed?.outputGroup ?? []).flatMap((group) =>
        filesOf(group.fileSets ?? [], sets).map((file) => `${aspect} ${group.name ?? ''} ${file}`),
      );
      outputs.set(name, [...(outputs.get(name) ?? []), ...files]);
    }
    if (id.testResult !== undefined && testResult !== undefined) {
      const cached = testResult.cachedLocally === true || testResult.executionInfo?.cachedRemotely === true;
      if (!cached) ran.add(plainLabel(id.testResult.label));
    }
    if (id.testSummary !== undefined && testSummary?.overallStatus === 'PASSED')
      passed.add(plainLabel(id.testSummary.label));
  }
  return { loads, ran, passed, tests, states, outputs: digests(outputs), log };
}

function stateOfAborted(reason: string | undefined): State {
  return reason === 'SKIPPED' ? 'skipped' : 'failed';
}

function digests(outputs: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, string> {
  return new Map(
    [...outputs].map(([label, files]) => [
      label,
      createHash('sha256')
        .update([...new Set(files)].sort().join('\n'))
        .digest('hex'),
    ]),
  );
}

function filesOf(from: readonly { readonly id: string }[], sets: ReadonlyMap<string, FileSet>): string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  const visit = ({ id }: { readonly id: string }): void => {
    if (seen.has(id)) return;
    seen.add(id);
    const { files = [], fileSets = [] } = sets.get(id) ?? {};
    found.push(...files.map(({ name = '', digest = '', length = '' }) => `${name} ${digest} ${length}`));
    fileSets.forEach(visit);
  };
  from.forEach(visit);
  return found;
}

function plainLabel(label: string): string {
  return label.replace(/^@+(?=\/\/)/, '');
}
