/** What the runner gives an action and no build needs: its inputs, and the tokens of caches and artifacts. */
const SECRET = /^(?:INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|ACTIONS_RESULTS_URL$|ACTIONS_CACHE_URL$)/;

/**
 * Runs something while this process's environment, which its children inherit, is without the action's own secrets: a
 * test or a build tool could store artifacts in the name of other legs with them. A release keeps the access to
 * OpenID Connect tokens, which many registries ask for.
 */
export async function withoutRunnerSecrets<T>(action: () => Promise<T>): Promise<T> {
  const hidden = Object.entries(process.env).filter(([name]) => SECRET.test(name));
  for (const [name] of hidden) Reflect.deleteProperty(process.env, name);
  try {
    return await action();
  } finally {
    for (const [name, value] of hidden) process.env[name] = value;
  }
}
