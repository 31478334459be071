import type { GitEnvironment } from './git.js';

/** The credentials that git uses to fetch. */
export interface GitCredentials {
  /** The only host that they are sent to: `https://github.com/`. */
  readonly host: string;
  /** An HTTP header. */
  readonly header: string;
}

/** A setting of git: its name and its value. */
type Setting = readonly [name: string, value: string];

/** The user's settings that a fetch needs: credentials, proxies and certificates. */
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
  // Stops waiting for a remote that sends nothing. Git by itself has no such limit.
  ['http.lowSpeedLimit', '1'],
  ['http.lowSpeedTime', '60'],
];

/**
 * The environment of git in a scratch repository.
 *
 * @param transport the user's settings that a fetch needs
 * @param credentials for a remote for which the user's settings have no credentials
 */
export function scratchEnvironment(
  transport: readonly Setting[],
  credentials: GitCredentials | null,
): GitEnvironment {
  const settings = [...OWN_SETTINGS, ...transport, ...loginSettings(transport, credentials)];
  return {
    GIT_TERMINAL_PROMPT: '0',
    // The loading phase needs only the names of files that LFS stores, not their contents.
    GIT_LFS_SKIP_SMUDGE: '1',
    // Settings contain credentials, so they are passed in the environment, not on the command line, which others can
    // read.
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

/**
 * The credentials are left out if the user's settings have a header for the host, as actions/checkout sets it: a host
 * that receives two headers of this kind refuses both.
 */
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
