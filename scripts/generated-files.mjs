/**
 * What is written once and stands in several files: the inputs. `action.yml` is the source of `plan/action.yml` and of
 * the inputs that other actions share with it. The inputs of the reusable workflow are made from both actions.
 */

export const PLAN_ACTION = 'plan/action.yml';
export const RUN_ACTION = 'run/action.yml';
export const RECORD_ACTION = 'record/action.yml';
export const WORKFLOW = '.github/workflows/bazel-affected.yml';

/** Inputs of the plan that the workflow fills in itself. */
const FILLED_IN = ['leg-options', 'record', 'github-token'];

/** Inputs of the run action that the workflow takes as well and hands on to all legs. */
const OF_LEGS = ['bazel-flags', 'test-flags', 'build-flags', 'release-flags', 'bazelrc', 'release-force'];

/** Inputs of the plan that other actions take as well. */
const SHARED = {
  [RUN_ACTION]: ['workspace', 'bazel', 'startup-options'],
  [RECORD_ACTION]: [
    'workspace',
    'bazel',
    'startup-options',
    'query-options',
    'leg-options',
    'externals-minutes',
  ],
};

/** Inputs that are not texts. Actions know only texts, a workflow knows types. */
const TYPES = new Map([['max-jobs', 'number']]);

/**
 * The comments between which a file has inputs that are made.
 * @typedef {{ readonly first: string, readonly last: string }} Place
 */

/** @type {Place} */
const IN_WORKFLOW = {
  first:
    '      # Made from action.yml and run/action.yml by `npm run generate`: edit those, down to the next comment.\n',
  last: '      # The inputs of the workflow alone, written here.\n',
};

/** @type {Place} */
const IN_ACTION = {
  first: '  # Made from action.yml by `npm run generate`: edit that, down to the next comment.\n',
  last: '  # The inputs of this action alone, written here.\n',
};

/**
 * @param {(path: string) => string} read the text of a file of the repository
 * @returns {Map<string, string>} path → what the file has to hold
 * @throws {Error} if the source, or the place in a file, is not found
 */
export function generatedFiles(read) {
  const source = read('action.yml');
  const runAction = actionWithShared(RUN_ACTION, read, source);
  return new Map([
    [PLAN_ACTION, planAction(source)],
    [RUN_ACTION, runAction],
    [RECORD_ACTION, actionWithShared(RECORD_ACTION, read, source)],
    [WORKFLOW, withInputs(WORKFLOW, read(WORKFLOW), IN_WORKFLOW, workflowInputs(source, runAction))],
  ]);
}

/**
 * The action of the plan in a folder of its own, beside those of the others.
 * @param {string} source
 */
function planAction(source) {
  const main = '\n  main: dist/';
  if (!source.includes(main)) throw new Error('action.yml names no program in dist/.');
  return `# Made from action.yml by \`npm run generate\`: edit that.\n${source.replace(main, '\n  main: ../dist/')}`;
}

/**
 * @param {keyof typeof SHARED} file
 * @param {(path: string) => string} read
 * @param {string} source
 */
function actionWithShared(file, read, source) {
  const ofPlan = inputs(source);
  const shared = SHARED[file].map((name) => {
    const text = ofPlan.get(name);
    if (text === undefined) throw new Error(`action.yml lacks the input ${name}, which ${file} shares.`);
    return text;
  });
  return withInputs(file, read(file), IN_ACTION, shared.join(''));
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
  const [, written = ''] = /^inputs:\n(.*?)^outputs:$/ms.exec(action) ?? [];
  const section = written.replaceAll(/^ {2}#.*\n/gm, '');
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
 * @param {string} file
 * @param {string} text of the file
 * @param {Place} place
 * @param {string} made the inputs that belong there
 */
function withInputs(file, text, { first, last }, made) {
  const from = text.indexOf(first);
  const to = text.indexOf(last);
  if (from < 0 || to < from) throw new Error(`${file} lacks the comments between which inputs are made.`);
  return text.slice(0, from) + first + made + text.slice(to);
}
