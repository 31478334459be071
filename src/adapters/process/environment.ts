import { createHash } from 'node:crypto';

/**
 * Variables that the runner sets for the action, and that no program started by it needs: the inputs, the access to
 * caches and artifacts, and the files through which a step sends commands to the runner.
 */
const OF_THE_ACTION =
  /^(?:INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|ACTIONS_RUNTIME_URL$|ACTIONS_RESULTS_URL$|ACTIONS_CACHE_URL$|GITHUB_(?:ENV|OUTPUT|PATH|STATE)$)/;

/** Variables that give access to GitHub or other services in the name of the job, or to the step's summary. */
const ACCESS =
  /^(?:GITHUB_TOKEN|GH_TOKEN|GH_ENTERPRISE_TOKEN|GITHUB_ENTERPRISE_TOKEN|ACTIONS_ID_TOKEN_REQUEST_\w+|GITHUB_STEP_SUMMARY)$/;

/** The input with the action's own token. */
const TOKEN_INPUT = 'INPUT_GITHUB-TOKEN';

type Variables = Record<string, string>;

/**
 * This process's environment without the variables that are only for the action. With them, a build from a pull request
 * could store caches and artifacts in the name of others, or send commands to the runner. The access to OpenID Connect
 * tokens stays, because releases to many registries need it.
 */
export function childEnvironment(): Variables {
  return chosen((name) => !OF_THE_ACTION.test(name));
}

/**
 * The same for programs that need no access to GitHub, like the Bazel of a plan: in a job, tokens are removed too, and
 * so is every variable whose value is the action's own token. On a developer's machine tokens stay, because they are
 * the developer's.
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

/** Variables that shells set for each command, or for each shell in another. */
const OF_THE_COMMAND = new Set(['_', 'OLDPWD', 'PWD', 'SHLVL']);

/** A digest of the variables that programs get, hexadecimal. Those that change with each command are left out. */
export function environmentDigest(): string {
  const variables = Object.entries(environmentWithoutAccess()).filter(([name]) => !OF_THE_COMMAND.has(name));
  const sorted = variables.sort(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}
