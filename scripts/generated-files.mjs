/**
 * What is written once and stands in several files: the inputs. `action.yml` and `run/action.yml` are the source;
 * `plan/action.yml` and the inputs of the reusable workflow are made from them.
 */

export const PLAN_ACTION = 'plan/action.yml';
export const WORKFLOW = '.github/workflows/bazel-affected.yml';

/** Inputs of the plan that the workflow fills in itself. */
const FILLED_IN = ['leg-options', 'github-token'];

/** Inputs of the run action that the workflow takes as well and hands on to all legs. */
const OF_LEGS = ['bazel-flags', 'test-flags', 'build-flags', 'release-flags', 'bazelrc'];

/** Inputs that are not texts. Actions know only texts, a workflow knows types. */
const TYPES = new Map([['max-jobs', 'number']]);

const FIRST_LINE =
  '      # Made from action.yml and run/action.yml by `npm run generate`: edit those, down to the next comment.\n';
const LAST_LINE = '      # The inputs of the workflow alone, written here.\n';

/**
 * @param {(path: string) => string} read the text of a file of the repository
 * @returns {Map<string, string>} path → what the file has to hold
 * @throws {Error} if the source or the place in the workflow is not found
 */
export function generatedFiles(read) {
  const source = read('action.yml');
  return new Map([
    [PLAN_ACTION, planAction(source)],
    [WORKFLOW, workflow(read(WORKFLOW), workflowInputs(source, read('run/action.yml')))],
  ]);
}

/**
 * The action of the plan in a folder of its own, beside `run/` and `conclude/`.
 * @param {string} source
 */
function planAction(source) {
  const main = '\n  main: dist/';
  if (!source.includes(main)) throw new Error('action.yml names no program in dist/.');
  return `# Made from action.yml by \`npm run generate\`: edit that.\n${source.replace(main, '\n  main: ../dist/')}`;
}

/**
 * @param {string} source
 * @param {string} runSource
 */
function workflowInputs(source, runSource) {
  const ofPlan = [...inputs(source)].filter(([name]) => !FILLED_IN.includes(name));
  const ofLegs = [...inputs(runSource)].filter(([name]) => OF_LEGS.includes(name));
  return [...ofPlan, ...ofLegs].map(([name, text]) => workflowInput(name, text)).join('');
}

/**
 * The inputs of an action, each as it is written.
 * @param {string} action
 * @returns {Map<string, string>} name → lines
 */
function inputs(action) {
  const [, section = ''] = /^inputs:\n(.*?)^outputs:$/ms.exec(action) ?? [];
  const blocks = section.matchAll(/^ {2}([\w-]+):\n(?: {4}.*\n)+/gm);
  const found = new Map([...blocks].map(([text, name = '']) => [name, text]));
  if (found.size === 0 || [...found.values()].join('') !== section)
    throw new Error('An action has inputs that are not written as `name:` with lines below it.');
  return found;
}

/**
 * @param {string} name
 * @param {string} text of the action
 */
function workflowInput(name, text) {
  const type = TYPES.get(name) ?? 'string';
  const typed = type === 'string' ? text : text.replace(/^( {4}default: )'(.*)'$/m, '$1$2');
  return `${typed}    type: ${type}\n`.replaceAll(/^/gm, '    ').trimEnd() + '\n';
}

/**
 * @param {string} text of the workflow
 * @param {string} made its inputs
 */
function workflow(text, made) {
  const from = text.indexOf(FIRST_LINE);
  const to = text.indexOf(LAST_LINE);
  if (from < 0 || to < from) throw new Error(`${WORKFLOW} lacks the comments between which inputs are made.`);
  return text.slice(0, from) + FIRST_LINE + made + text.slice(to);
}
