import type { GitCredentials } from '../git/scratch-environment.js';
import type { Environment } from './event.js';

/**
 * Credentials for git from a job's token, for the token's own host; null if there is no token or the host is unknown.
 */
export function gitCredentials(environment: Environment, token: string): GitCredentials | null {
  const server = URL.parse(environment.GITHUB_SERVER_URL ?? 'https://github.com');
  if (token === '' || server === null || !['https:', 'http:'].includes(server.protocol)) return null;
  return { host: `${server.origin}/`, header: `AUTHORIZATION: basic ${basicCredential(token)}` };
}

/** A token as git sends it. It is as secret as the token itself. */
export function basicCredential(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString('base64');
}
