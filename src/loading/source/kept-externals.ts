import { createHash } from 'node:crypto';
import { types } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import type { ByteStore, StoreKey } from '../../adapters/byte-store.js';
import type { BazelVersion } from '../../formats/bazel-version.js';
import type { Label } from '../../graph/label.js';
import type { CanonicalName } from '../../graph/repository.js';
import type { Target } from '../../graph/target.js';
import type { Externals } from '../externals/external-repositories.js';
import type { ReachedExternals } from '../externals/reached-externals.js';
import type { ExternalsSource } from './externals-source.js';
import type { ReachedQuestion } from './read-reached.js';
import type { Revision } from './revision.js';

/** Must be raised with every change of what is stored, or of what any question means. */
const SCHEMA = 2;

/** What repository rules read outside of the checkout, in the network for example, may change within days. */
const MOST_HOURS = 24;

const DIGEST_CHARACTERS = 64;

/** Everything that was answered about two revisions, by digests of the questions. */
interface Answers {
  /** The digest of the two revisions. */
  readonly revisions: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  readonly byQuestion: Map<string, unknown>;
}

interface KeptReached {
  readonly reached: ReachedExternals;
  /** What was decided about each label whether it is followed. The answer holds if the same is decided again. */
  readonly followed: ReadonlyMap<Label, boolean>;
}

/**
 * Keeps what was answered about two revisions, so that a plan of the very same revisions, like that of an `explain` after a
 * plan, asks nothing. Answers about one of the two alone are not used: they would come from another time than those about the
 * other one, and so from another state of the machine.
 */
export class KeptExternals implements ExternalsSource {
  private answers: Answers | null = null;
  private head: Revision | null = null;
  /** The externals of the revisions that were asked for. */
  private readonly known: Externals[] = [];
  private isNew = false;
  /** Whether all answers hold for a later plan, as far as this is known. */
  private isLasting = true;
  /** Whether the store had answers about these revisions. */
  private isKnown = false;

  /**
   * @param about.settings everything besides the two revisions that answers may depend on
   * @param about.headDigest the digest of the head's files as they are now: those of a working tree may change meanwhile
   * @param now milliseconds since 1970
   */
  constructor(
    private readonly externals: ExternalsSource,
    private readonly store: ByteStore,
    private readonly about: {
      readonly settings: () => Promise<readonly string[]>;
      readonly headDigest: () => Promise<string>;
    },
    private readonly now: () => number = Date.now,
  ) {}

  get minutes(): number {
    return this.externals.minutes;
  }

  version(): Promise<BazelVersion | null> {
    return this.externals.version();
  }

  async announce(base: Revision, head: Revision, changes: readonly unknown[]): Promise<void> {
    const revisions = digestOf([base.files.digest(), head.files.digest(), changes]);
    const kept = await this.read(revisions);
    this.isKnown = kept !== null;
    this.head = head;
    this.answers = kept ?? { revisions, madeAt: this.now(), byQuestion: new Map() };
    if (kept === null) await this.externals.announce(base, head, changes);
  }

  async externalsOf(revision: Revision): Promise<Externals> {
    const known = await this.answer(['externals', revision.files.digest()], () =>
      this.externals.externalsOf(revision),
    );
    this.known.push(known);
    return known;
  }

  /** What was answered before about the same revision decides the rest of the question. */
  withModules(revision: Revision, externals: Externals, names: readonly CanonicalName[]): Promise<Externals> {
    if (names.length === 0) return Promise.resolve(externals);
    return this.answer(['modules', revision.files.digest(), names], () =>
      this.externals.withModules(revision, externals, names),
    );
  }

  targetsMatching(revision: Revision, patterns: readonly Label[]): Promise<readonly Target[]> {
    if (patterns.length === 0) return Promise.resolve([]);
    return this.answer(['targets', revision.files.digest(), patterns], () =>
      this.externals.targetsMatching(revision, patterns),
    );
  }

  async reachedFrom(revision: Revision, question: ReachedQuestion): Promise<ReachedExternals> {
    const { isFollowed, ...rest } = question;
    const asked = ['reached', revision.files.digest(), { ...rest, changed: [...rest.changed] }];
    const ask = async (): Promise<KeptReached> => {
      const followed = new Map<Label, boolean>();
      const reached = await this.externals.reachedFrom(revision, {
        ...question,
        isFollowed: (label) => {
          const is = isFollowed(label);
          followed.set(label, is);
          return is;
        },
      });
      return { reached, followed };
    };
    const kept = await this.answer(asked, ask, ({ followed }) =>
      [...followed].every(([label, was]) => isFollowed(label) === was),
    );
    // What cannot be loaded may only be out of reach at present.
    if (kept.reached.missing.size > 0) this.isLasting = false;
    return kept.reached;
  }

  async keep(): Promise<void> {
    if (this.answers === null || !this.isNew || !this.isLasting || differOutside(this.known)) return;
    if ((await this.about.headDigest()) !== this.head?.files.digest()) return;
    const content = serialize(this.answers);
    const key = await this.keyOf(this.answers.revisions);
    await this.store.keep(key, Buffer.concat([Buffer.from(digestOfBytes(content)), content]));
    this.isNew = false;
  }

  stop(): void {
    this.externals.stop();
  }

  private async answer<T>(
    question: readonly unknown[],
    ask: () => Promise<T>,
    holds: (kept: T) => boolean = () => true,
  ): Promise<T> {
    const known = this.answers?.byQuestion;
    const key = digestOf(question);
    // The question says what its answer is.
    const kept = known?.get(key) as T | undefined;
    if (kept !== undefined && holds(kept)) return kept;
    const answer = await ask();
    known?.set(key, answer);
    this.isNew = true;
    // Answers of two times are not kept together.
    if (this.isKnown) this.isLasting = false;
    return answer;
  }

  private async read(revisions: string): Promise<Answers | null> {
    for await (const stored of this.store.nearest(await this.keyOf(revisions))) {
      const kept = decoded(stored.bytes);
      const isUsable = kept?.revisions === revisions && this.now() - kept.madeAt < MOST_HOURS * 3_600_000;
      if (isUsable) stored.use();
      // The store gives the entry with this key first, and all others are of other revisions.
      return isUsable ? kept : null;
    }
    return null;
  }

  private async keyOf(revisions: string): Promise<StoreKey> {
    return { group: `answers-${SCHEMA}-${digestOf(await this.about.settings())}`, name: revisions };
  }
}

/**
 * Whether a folder outside of the workspace is shown by a repository that is not defined in the same way everywhere. Its files,
 * which may change while all revisions stay the same, then decide what differs.
 */
function differOutside(all: readonly Externals[]): boolean {
  const repositories = all.map((each) => each.repositories);
  const outside = repositories.flatMap((each) =>
    [...each.values()].filter(({ showsOutside }) => showsOutside),
  );
  return outside.some(({ name, definition }) =>
    repositories.some((each) => each.get(name)?.definition !== definition),
  );
}

/** The bytes may be anything. @returns null if they are damaged */
function decoded(bytes: Buffer): Answers | null {
  const content = bytes.subarray(DIGEST_CHARACTERS);
  if (bytes.toString('latin1', 0, DIGEST_CHARACTERS) !== digestOfBytes(content)) return null;
  // Only this program writes content that has its digest in front.
  return deserialize(content) as Answers;
}

function digestOf(value: unknown): string {
  return digestOfBytes(JSON.stringify(value, (_, part: unknown) => (types.isMap(part) ? [...part] : part)));
}

function digestOfBytes(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}
