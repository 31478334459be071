import { getOctokit } from '@actions/github';
import { defaults } from '@actions/github/lib/utils';
import { retry } from '@octokit/plugin-retry';
import { Field } from '../../formats/json-field.js';
import type { Environment } from './event.js';

/** GitHub's API did not give a readable answer. */
export class ApiError extends Error {
  override name = 'ApiError';
}

/** The time limit in milliseconds for one request and its whole answer. */
const REQUEST_MS = 30_000;

/** The time limit in milliseconds for all requests of one action together, unless the action sets another. */
export const ALL_REQUESTS_MS = 120_000;

/** How often a request is made at most if the answer does not arrive in time. */
const TRIES = 2;

type Client = ReturnType<typeof getOctokit>;
type Fetch = typeof globalThis.fetch;

/** Calls GitHub's API. Every call returns an answer or throws within a bounded time. */
export class Api {
  private readonly client: Client;

  /** @param totalMs the time limit for all requests together, from now on */
  constructor(environment: Environment, token: string, totalMs = ALL_REQUESTS_MS) {
    const url = environment.GITHUB_API_URL;
    const proxied = defaults.request?.fetch as Fetch;
    const fetch = withLimits(proxied, performance.now() + totalMs, totalMs);
    this.client = getOctokit(token, { ...(url ? { baseUrl: url } : {}), request: { fetch } }, retry);
  }

  /**
   * The body of an answer with the status 200.
   *
   * @param path a template like `/repos/{owner}/{repo}`
   * @param what the requested object in words: `list of runs`
   * @throws ApiError if the answer is something else; an error with the status if GitHub refuses the request
   */
  async get(path: string, parameters: Readonly<Record<string, unknown>>, what: string): Promise<Field> {
    const answer = await this.client.request(`GET ${path}`, { ...parameters });
    const { status, data } = answer as { readonly status: number; readonly data: unknown };
    if (status !== 200) throw new ApiError(`GitHub answers with the status ${status} and without a ${what}`);
    return Field.of(
      data,
      'the answer',
      (message) => new ApiError(`GitHub's answer is not a ${what}: ${message}`),
    );
  }
}

/** Whether GitHub itself answered that the object does not exist, rather than a server between here and GitHub. */
export function isNotThere(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { status, response } = error as { status?: unknown; response?: { data?: { message?: unknown } } };
  return status === 404 && typeof response?.data?.message === 'string';
}

/** Advice for a request that GitHub refused, to be appended to a message. */
export function remedyOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/rate limit/i.test(message)) return 'GitHub allows no more requests for now: run this job again later';
  return [401, 403].includes(httpStatus(error) ?? 0) ? 'give the job the permission actions: read' : '';
}

/** The HTTP status of a failed request; undefined if the error is not one. */
function httpStatus(error: unknown): number | undefined {
  const status: unknown =
    typeof error === 'object' && error !== null ? (error as { status?: unknown }).status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** A request exceeded its time limit. Octokit does not retry an error with this name; it retries all others. */
class RequestTimeoutError extends Error {
  override name = 'AbortError';
}

/** Fetches an answer with its whole body, because a server may send the headers at once and then stall. */
function withLimits(fetch: Fetch, deadline: number, totalMs: number): Fetch {
  return async (url, options) => {
    for (let tries = 1; ; tries++) {
      const left = deadline - performance.now();
      if (left <= 0) throw outOfTime(totalMs);
      const controller = new AbortController();
      const timer = setTimeout(
        () => {
          controller.abort();
        },
        Math.min(left, REQUEST_MS),
      );
      try {
        const response = await fetch(url, { ...options, signal: controller.signal });
        const body = await response.arrayBuffer();
        const { status, statusText, headers } = response;
        return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
      } catch (error) {
        if (!controller.signal.aborted) throw error;
        // The limit was the deadline. The clock is not asked again, because a timer may fire a little early.
        if (left <= REQUEST_MS) throw outOfTime(totalMs);
        if (tries < TRIES) continue;
        throw new RequestTimeoutError(`GitHub has not answered within ${REQUEST_MS / 1000} s`);
      } finally {
        clearTimeout(timer);
      }
    }
  };
}

function outOfTime(totalMs: number): RequestTimeoutError {
  return new RequestTimeoutError(`GitHub did not answer all requests within ${totalMs / 1000} s`);
}
