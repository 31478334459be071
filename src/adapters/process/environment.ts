/**
 * What the runner gives an action and no program that it starts needs: its inputs, the access to caches and artifacts,
 * and the files in which a step leaves commands to the runner.
 */
const OF_THE_ACTION =
  /^(?:INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|ACTIONS_RUNTIME_URL$|ACTIONS_RESULTS_URL$|ACTIONS_CACHE_URL$|GITHUB_(?:ENV|OUTPUT|PATH|STATE)$)/;

/** What can act for the job at GitHub and elsewhere. */
const ACCESS =
  /^(?:GITHUB_TOKEN|GH_TOKEN|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN|ACTIONS_ID_TOKEN_REQUEST_\w+|GITHUB_STEP_SUMMARY)$/;

/** The token of the action itself. */
const TOKEN_INPUT = 'INPUT_GITHUB-TOKEN';

type Variables = Record<string, string>;

/**
 * This process's environment without what is the action's own: a build that a pull request wrote could store caches and
 * artifacts in the name of others with it, or tell the runner what to do. A release keeps the access to OpenID Connect
 * tokens, which many registries ask for.
 */
export function childEnvironment(): Variables {
  return chosen((name) => !OF_THE_ACTION.test(name));
}

/**
 * The same for programs that have nothing to do at GitHub, like the Bazel of a plan: in a job, also without tokens. No
 * variable holds the action's own token, whatever its name. On a developer's machine tokens are the developer's.
 */
export function environmentWithoutAccess(): Variables {
  if (process.env.GITHUB_ACTIONS !== 'true') return childEnvironment();
  const token = process.env[TOKEN_INPUT]?.trim() ?? '';
  const forms = token === '' ? [] : [token, Buffer.from(`x-access-token:${token}`).toString('base64')];
  return chosen(
    (name, value) =>
      !OF_THE_ACTION.test(name) && !ACCESS.test(name) && !forms.some((form) => value.includes(form)),
  );
}

function chosen(isChosen: (name: string, value: string) => boolean): Variables {
  const environment: Variables = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && isChosen(name, value)) environment[name] = value;
  return environment;
}
