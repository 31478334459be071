/** What the runner gives an action and no program that it starts needs: its inputs, and the tokens of caches and artifacts. */
const RUNNER_SECRET = /^(?:INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|ACTIONS_RESULTS_URL$|ACTIONS_CACHE_URL$)/;

/**
 * This process's environment without the action's own secrets: a build that a pull request wrote could store caches and
 * artifacts in the name of others with them. A release keeps the access to OpenID Connect tokens, which many registries
 * ask for.
 */
export function childEnvironment(): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !RUNNER_SECRET.test(name)) environment[name] = value;
  }
  return environment;
}
