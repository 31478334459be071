import { PLAN_INPUTS } from '../plan/plan-inputs.js';
import { DEV_KIND } from '../plan/release-hints.js';
import type { Label } from '../graph/label.js';
import { InputError } from '../text/input-error.js';
import { plainLine } from '../text/plain-text.js';
import { plural } from '../text/plural.js';
import type { CliOptions } from './cli-options.js';
import { ask } from './terminal.js';

/** Whose releases are run: those for a developer's machine, or those of CI. */
export type Channel = 'dev' | 'ci';

const CHANNELS: readonly Channel[] = ['dev', 'ci'];

/** What a user types to release what CI releases. */
const WORD = 'release';

/**
 * Whose releases a call may run; null if it runs none.
 *
 * @throws InputError if the options do not fit together
 */
export function channelOf({ mode, channel, releaseKinds }: CliOptions): Channel | null {
  if (mode !== 'release') {
    if (channel === undefined) return null;
    throw new InputError('channel', String(channel), { problem: 'counts only with --mode release' });
  }
  const chosen = CHANNELS.find((each) => each === (channel ?? 'dev'));
  if (chosen === undefined) throw new InputError('channel', String(channel), CHANNELS.join(', '));
  if (chosen === 'dev' && releaseKinds !== undefined)
    throw new InputError('release-kinds', String(releaseKinds), {
      problem: `names what CI releases, and this machine releases ${DEV_KIND}: leave it out, or add --channel ci`,
    });
  return chosen;
}

/** The rule classes that are releases for a channel. */
export function releaseKindsOf(channel: Channel | null): string {
  return channel === 'dev' ? DEV_KIND : PLAN_INPUTS['release-kinds'];
}

/**
 * Asks whether the releases of CI may be run from here.
 *
 * @param isSure whether the user has said so on the command line
 * @throws InputError if the user does not say so, or cannot be asked
 */
export async function confirmReleasesOfCi(releases: readonly Label[], isSure: boolean): Promise<void> {
  if (isSure) return;
  const refused = (problem: string): InputError => new InputError('channel', 'ci', { problem });
  const names = releases.map((label) => `  ${plainLine(label)}\n`).join('');
  const answer = await ask(
    `This publishes what CI publishes, from this machine:\n${names}Type ${WORD} to run ${plural(releases.length, 'release')}: `,
  );
  if (answer === null)
    throw refused('has to ask before it releases, and there is no terminal: add --yes if you are sure');
  if (answer.trim() !== WORD) throw refused('released nothing, because you did not say so');
}
