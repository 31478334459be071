import type { GitEnvironment } from './git.js';

/** What git logs in with where it has to fetch. */
export interface GitCredentials {
  /** The only host that gets them: `https://github.com/`. */
  readonly host: string;
  /** A header of HTTP. */
  readonly header: string;
}

/** A setting of git: its name and its value. */
type Setting = readonly [name: string, value: string];

/** The user's settings that a fetch needs: where credentials, proxies and certificates come from. */
export const TRANSPORT_SETTINGS = [
  'http.',
  'https.',
  'credential.',
  'url.',
  'core.sshcommand',
  'ssh.',
  'protocol.',
];

const OWN_SETTINGS: readonly Setting[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['advice.detachedHead', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  // A remote that sends nothing is given up: git itself would wait without an end.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];

/**
 * The environment of git in a scratch repository.
 *
 * @param transport the user's settings that a fetch needs
 * @param credentials for a remote that the user's settings have none for
 */
export function scratchEnvironment(
  transport: readonly Setting[],
  credentials: GitCredentials | null,
): GitEnvironment {
  const settings = [...OWN_SETTINGS, ...transport, ...loginSettings(transport, credentials)];
  return {
    GIT_TERMINAL_PROMPT: '0',
    // The loading phase reads no file that LFS would keep, and its names are there without a download.
    GIT_LFS_SKIP_SMUDGE: '1',
    // Settings go through the environment and not the command line: credentials are among them.
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/** A host that gets two headers of this kind refuses both: what actions/checkout left in the user's settings goes first. */
function loginSettings(transport: readonly Setting[], credentials: GitCredentials | null): Setting[] {
  if (credentials === null) return [];
  const name = `http.${credentials.host}.extraheader`;
  const ofHost = `http.${credentials.host.replace(/\/$/, '')}`.toLowerCase();
  const isThere = transport.some(([other]) => {
    const lower = other.toLowerCase();
    return lower.endsWith('.extraheader') && (lower === 'http.extraheader' || lower.startsWith(ofHost));
  });
  return isThere ? [] : [[name, credentials.header]];
}
