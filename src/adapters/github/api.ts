import { getOctokit } from '@actions/github';
import { defaults } from '@actions/github/lib/utils';
import { retry } from '@octokit/plugin-retry';
import { Field } from '../../formats/json-field.js';
import type { Environment } from './event.js';

/** Says that GitHub's API gave no answer that can be read. */
export class ApiError extends Error {
  override name = 'ApiError';
}

/** Milliseconds that one request may take, the whole of its answer included. */
const REQUEST_MS = 30_000;

/** Milliseconds that all requests of one action may take together, where it does not say otherwise. */
export const ALL_REQUESTS_MS = 120_000;

/** So often a request is made that gets no answer in its time. */
const TRIES = 2;

type Client = ReturnType<typeof getOctokit>;
type Fetch = typeof globalThis.fetch;

/** Asks GitHub's API. Whatever is asked has an answer or an error in a bounded time. */
export class Api {
  private readonly client: Client;

  /** @param totalMs from now on, for all that is asked */
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
   * @param what is asked for, in words: `list of runs`
   * @throws ApiError if it is not such an answer; what GitHub refuses throws an error with the status
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

/** Whether GitHub says that it does not have what was asked for: in its own words, not in those of a server on the way. */
export function isNotThere(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { status, response } = error as { status?: unknown; response?: { data?: { message?: unknown } } };
  return status === 404 && typeof response?.data?.message === 'string';
}

/** What to do about a request that GitHub refused, in words for the end of a message. */
export function remedyOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/rate limit/i.test(message)) return 'GitHub allows no more requests for now: run this job again later';
  return [401, 403].includes(httpStatus(error) ?? 0) ? 'give the job the permission actions: read' : '';
}

/** The HTTP status of a failed request; undefined if it is not such a failure. */
function httpStatus(error: unknown): number | undefined {
  const status: unknown =
    typeof error === 'object' && error !== null ? (error as { status?: unknown }).status : undefined;
  return typeof status === 'number' ? status : undefined;
}

/** A request that took longer than it may. Octokit takes an error of this name as final, where it would try any other again. */
class RequestTimeoutError extends Error {
  override name = 'AbortError';
}

/** Fetches an answer with its whole body: a server may send the headers at once and nothing, or a byte now and then, after them. */
function withLimits(fetch: Fetch, deadline: number, totalMs: number): Fetch {
  return async (url, options) => {
    for (let tries = 1; ; tries++) {
      const left = deadline - performance.now();
      if (left <= 0)
        throw new RequestTimeoutError(`GitHub did not answer all requests within ${totalMs / 1000} s`);
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
        if (tries < TRIES) continue;
        throw new RequestTimeoutError(`GitHub has not answered within ${REQUEST_MS / 1000} s`);
      } finally {
        clearTimeout(timer);
      }
    }
  };
}
