/** One generated workspace, and one edit after the other: the head of an edit is the base of the next. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFiles, type FileContent, type Files } from '../__tests__/support/files.js';
import { Random } from '../__tests__/support/random-edits/random.js';
import { edit, type Step } from './edits.js';
import { addExternals, type Part } from './externals/parts.js';
import { generate, type Feature } from './generate.js';
import { missesOf, type Miss } from './judge.js';
import { render, type Model } from './model.js';
import { Oracle, type Observation } from './oracle.js';
import { Planner, type Planned } from './planner.js';

/** One edit of a run: which it is, so that it can be made again. */
export interface Place {
  readonly seed: number;
  readonly workspace: number;
  readonly edit: number;
  /** Edits before it that broke something, and were taken back. */
  readonly takenBack: readonly number[];
}

export interface Judged {
  readonly place: Place;
  readonly kinds: readonly string[];
  readonly loads: boolean;
  /** Whether the head does not load, or has a target that no longer builds: then the next edit has the same base. */
  readonly takenBack: boolean;
  readonly ran: readonly string[];
  readonly changed: number;
  readonly tests: number;
  readonly plan: Planned;
  /** Undefined where no plan without snapshots was made. */
  readonly planWithoutSnapshots: Planned | undefined;
  readonly misses: readonly Miss[];
  /** Misses that a fresh Bazel does not show: they come from what the running server remembered. */
  readonly unconfirmed: readonly Miss[];
  readonly base: Files;
  readonly head: Files;
  readonly log: string;
  readonly seconds: { readonly oracle: number; readonly plans: number };
}

export interface Settings {
  readonly bazel: string;
  readonly cli: string;
  /** Of every so many edits, one is planned without snapshots, too. */
  readonly withoutSnapshotsEvery: number;
  /** What answers the plans with snapshots: one server, or one for each plan. */
  readonly servers: 'one for all' | 'one for each';
}

/** What the workspaces of a run may have. */
export interface Choice {
  readonly features: ReadonlySet<Feature>;
  readonly parts: ReadonlySet<Part>;
  /** Every workspace has externals and few ordinary rules; or some of the ordinary ones have externals, too. */
  readonly externals: 'all' | 'some';
}

/** Of a hundred ordinary workspaces, so many have externals. */
const SHARE_WITH_EXTERNALS = 25;

/** The first revision of a workspace. */
export function firstModel(seed: number, workspace: number, { features, parts, externals }: Choice): Model {
  const random = new Random(mixed(seed, workspace, 0));
  // Numbers of their own: externals leave the ordinary part as it is.
  const ofExternals = new Random(mixed(seed, workspace, -2));
  const model = externals === 'all' ? generate(random, new Set(), 'small') : generate(random, features);
  if (parts.size > 0 && (externals === 'all' || ofExternals.chance(SHARE_WITH_EXTERNALS)))
    addExternals(model, ofExternals, parts);
  return model;
}

/** @param number of the edit, from 1 */
export function nextStep(model: Model, seed: number, workspace: number, number: number): Step {
  return edit(model, new Random(mixed(seed, workspace, number)));
}

/** The revision before an edit, without Bazel. */
export function modelBefore(place: Place, choice: Choice): Model {
  let model = firstModel(place.seed, place.workspace, choice);
  for (let number = 1; number < place.edit; number += 1) {
    const step = nextStep(model, place.seed, place.workspace, number);
    if (!place.takenBack.includes(number)) model = step.model;
  }
  return model;
}

function mixed(...numbers: readonly number[]): number {
  return numbers.reduce(
    (hash, number) => Math.imul(hash ^ (number + 1), 0x01000193) ^ (hash >>> 13),
    0x811c9dc5,
  );
}

/** A workspace on the disk with its git repository, its Bazel and its planner. */
export class Chain {
  private readonly folder: string;
  private readonly root: string;
  private readonly settings: Settings;
  private readonly oracle: Oracle;
  private readonly planner: Planner;
  private model: Model;
  private files: Files = {};
  private base: string;
  private observed: Observation;
  private fresh = 0;

  /** @param root an empty folder, which outlives this */
  constructor(root: string, model: Model, settings: Settings) {
    this.root = root;
    this.folder = join(root, 'ws');
    this.settings = settings;
    this.model = model;
    mkdirSync(this.folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main');
    this.oracle = new Oracle(settings.bazel, this.folder, join(root, 'oracle'));
    const { cli, bazel, servers } = settings;
    this.planner = new Planner(cli, bazel, this.folder, root, servers);
    this.base = this.commit(render(model));
    this.observed = this.oracle.observe();
  }

  /** What Bazel makes of the revision that stands. */
  get observation(): Observation {
    return this.observed;
  }

  get current(): Model {
    return this.model;
  }

  /** Makes an edit, plans it and holds the plan against Bazel. A head that breaks something is taken back. */
  judge(step: Step, place: Place): Judged {
    const base = this.files;
    const head = this.commit(render(step.model));
    const started = performance.now();
    this.forgetIgnored(base);
    if (step.unwatched) this.oracle.forgetRepositories();
    const observed = this.oracle.observe();
    if (step.unwatched) this.planner.forgetRepositories();
    const between = performance.now();
    const plan = this.planner.plan(this.base, head, 'kept');
    const planWithoutSnapshots =
      place.edit % this.settings.withoutSnapshotsEvery === 0
        ? this.planner.plan(this.base, head, 'none')
        : undefined;
    const ended = performance.now();
    const seen = missesOf(this.observed, observed, plan);
    if (planWithoutSnapshots !== undefined)
      seen.push(...newMisses(seen, missesOf(this.observed, observed, planWithoutSnapshots)));
    const confirmed = seen.length === 0 ? [] : this.confirm(base, step, plan, planWithoutSnapshots);
    const isConfirmed = (miss: Miss): boolean => confirmed.some((each) => sameTarget(each, miss));
    const judged: Judged = {
      place,
      kinds: step.kinds,
      loads: observed.loads,
      takenBack: !observed.loads || [...observed.states.values()].includes('failed'),
      ran: [...observed.ran].sort(),
      changed: changedOutputs(this.observed, observed),
      tests: observed.tests.size,
      plan,
      planWithoutSnapshots,
      misses: seen.filter(isConfirmed),
      unconfirmed: seen.filter((miss) => !isConfirmed(miss)),
      base,
      head: this.files,
      log: observed.log,
      seconds: { oracle: (between - started) / 1000, plans: (ended - between) / 1000 },
    };
    if (judged.takenBack) {
      this.base = this.commit(base);
      this.forgetIgnored(judged.head);
      if (step.unwatched) this.oracle.forgetRepositories();
      this.observed = this.oracle.observe();
    } else {
      this.base = head;
      this.model = step.model;
      this.observed = observed;
    }
    return judged;
  }

  /** Ends the servers. */
  stop(): void {
    this.oracle.restart();
    this.planner.restart();
  }

  /** A running server keeps what globs found before .bazelignore changed (seen on 7.7.1). */
  private forgetIgnored(before: Files): void {
    if (this.files['.bazelignore'] !== before['.bazelignore']) this.stop();
  }

  /** Asks a fresh Bazel, which is started again for the head, so that no memory of a server decides. */
  private confirm(base: Files, { unwatched }: Step, ...plans: readonly (Planned | undefined)[]): Miss[] {
    const head = this.files;
    this.fresh += 1;
    const oracle = new Oracle(this.settings.bazel, this.folder, join(this.root, `fresh${this.fresh}`));
    this.checkOut(base);
    const before = oracle.observe();
    oracle.restart();
    if (unwatched) oracle.forgetRepositories();
    this.checkOut(head);
    const after = oracle.observe();
    oracle.restart();
    return plans.flatMap((plan) => (plan === undefined ? [] : missesOf(before, after, plan)));
  }

  private commit(files: Files): string {
    this.checkOut(files);
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '--message=edit');
    return this.git('rev-parse', 'HEAD');
  }

  /** Writes only what differs, so that Bazel sees no more change than git. */
  private checkOut(files: Files): void {
    const gone = Object.keys(this.files).filter((path) => !(path in files));
    writeFiles(this.folder, Object.fromEntries(gone.map((path) => [path, null])));
    for (const path of gone) this.removeEmptyFolders(dirname(path));
    const differs = ([path, content]: [string, FileContent]): boolean =>
      JSON.stringify(content) !== JSON.stringify(this.files[path]);
    const changed = Object.entries(files).filter(differs);
    writeFiles(
      this.folder,
      Object.fromEntries(changed.map(([path, content]) => [path, this.placed(content)])),
    );
    this.files = files;
  }

  /** `$ROOT` in where a symlink leads is the workspace. */
  private placed(content: FileContent): FileContent {
    if (typeof content !== 'object' || content === null || !('link' in content)) return content;
    return { link: content.link.replace('$ROOT', this.folder) };
  }

  /** Git keeps no empty folders. */
  private removeEmptyFolders(path: string): void {
    if (path === '.') return;
    try {
      rmdirSync(join(this.folder, path));
    } catch {
      return; // it is not empty, or gone
    }
    this.removeEmptyFolders(dirname(path));
  }

  private git(...args: readonly string[]): string {
    const settings = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'gc.auto=0'];
    return execFileSync('git', [...settings, ...args], { cwd: this.folder, encoding: 'utf8' }).trim();
  }
}

function newMisses(known: readonly Miss[], misses: readonly Miss[]): Miss[] {
  return misses.filter((miss) => !known.some((each) => sameTarget(each, miss)));
}

function sameTarget(one: Miss, other: Miss): boolean {
  return one.label === other.label && one.from === other.from;
}

function changedOutputs(base: Observation, head: Observation): number {
  return [...head.outputs].filter(([label, digest]) => base.outputs.get(label) !== digest).length;
}
