import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';
import { parse } from 'yaml';
import { OLDEST_BAZEL } from '../src/formats/bazel-version.js';
import { ABORT_REASONS, TEST_STATUSES } from '../src/formats/build-event-messages.js';
import { describeExit } from '../src/formats/exit-codes.js';
import { PRINTED_ATTRIBUTES } from '../src/formats/query-proto.js';

const ROOT = dirname(import.meta.dirname);
const PAGE = 'docs/bazel-versions.md';

/** Options in these folders are of git and of this program's own command line. */
const NOT_BAZEL = /^src\/(adapters\/git|entry)\//;

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** The rows of the tables below a heading of the page, each as its cells. */
function rowsBelow(heading: string): string[][] {
  const section = textOf(PAGE).split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| (.*) \|$/gm)]
    .map(([, row = '']) => row.split(' | ').map((cell) => cell.trim()))
    .filter(([first = '']) => !/^(-+|name|message|attribute|event|enumeration|code|what)$/.test(first));
}

/** The texts in backticks. */
function wordsIn(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, word = '']) => word);
}

const SOURCES = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => `src/${path}`);

function visit(path: string, see: (node: ts.Node) => void): void {
  const walk = (node: ts.Node): void => {
    see(node);
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true));
}

const codes = new Map<string, string>();

/** The code of a file, or of all files in a folder, without its comments. */
function codeOf(path: string): string {
  const compilerOptions = { removeComments: true, target: ts.ScriptTarget.Latest };
  const code =
    codes.get(path) ??
    SOURCES.filter((source) => source === path || source.startsWith(`${path}/`))
      .map((source) => ts.transpileModule(textOf(source), { compilerOptions }).outputText)
      .join('\n');
  codes.set(path, code);
  return code;
}

/** The options that the texts and patterns in a file begin with, without dashes and values, as they are written. */
function optionsIn(path: string): string[] {
  const options: string[] = [];
  visit(path, (node) => {
    if (ts.isRegularExpressionLiteral(node))
      options.push(
        ...(/^\/\^--\((?:\?:)?([\w|]+)\)/.exec(node.text)?.[1]?.split('|') ?? []).filter(
          (each) => each !== 'no',
        ),
      );
    if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node)) return;
    const [, option] = /^--([a-z][\w:]+)/.exec(node.text) ?? [];
    // The head of a template that has the name of any option in its middle.
    if (option !== undefined && option !== 'no') options.push(option);
  });
  return options;
}

/** The names in a set that the code holds by this name. */
function namesOfSet(variable: string): string[] {
  const names: string[] = [];
  for (const path of SOURCES)
    visit(path, (node) => {
      if (!ts.isVariableDeclaration(node) || node.name.getText() !== variable) return;
      for (const [, name = ''] of (node.initializer?.getText() ?? '').matchAll(/'([\w:]+)'/g))
        names.push(name);
    });
  return names;
}

/** The names of fields and kinds that the reader of build events looks for. */
function namesOfEvents(): Set<string> {
  const names = new Set<string>();
  visit('src/formats/parse-build-event.ts', (node) => {
    if (ts.isCallExpression(node) && node.expression.getText().endsWith('At')) {
      const [, key] = node.arguments;
      if (key !== undefined && ts.isStringLiteral(key)) names.add(key.text);
    } else if (ts.isCaseClause(node) && ts.isStringLiteral(node.expression)) {
      names.add(node.expression.text);
    } else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InKeyword) {
      names.add(node.left.getText().replaceAll("'", ''));
    } else if (
      ts.isPropertyAccessExpression(node) &&
      /^(event|id|finished)$/.test(node.expression.getText())
    ) {
      names.add(node.name.text);
    }
  });
  return names;
}

describe('the options of Bazel', () => {
  const rows = [
    ...rowsBelow('Options that are passed to Bazel').map(([name, , files]) => ({ name, files })),
    ...rowsBelow('Options that are understood where users set them').map(([name, files]) => ({
      name,
      files,
    })),
  ].map(({ name, files }) => ({ name: (wordsIn(name)[0] ?? '').slice(2), files: wordsIn(files) }));
  const listed = new Set(rows.map(({ name }) => name));
  const used = SOURCES.filter((path) => !NOT_BAZEL.test(path)).flatMap((path) =>
    optionsIn(path).map((option) => ({ path, option })),
  );
  const understood = namesOfSet('GRAPH_OPTIONS');

  test('are looked for where they are', () => {
    const found = used.map(({ option }) => option);
    expect(found).toEqual(
      expect.arrayContaining(['output_file', 'nohome_rc', 'version', 'extra_toolchains', 'override_module']),
    );
    expect(understood).toEqual(expect.arrayContaining(['enable_workspace', 'vendor_dir']));
    expect(rows.length).toBeGreaterThan(40);
    expect(listed.size).toBe(rows.length);
  });

  test('have a row each', () => {
    const missing = used
      .filter(({ option }) => !listed.has(option) && !listed.has(option.replace(/^no/, '')))
      .map(({ path, option }) => `--${option} of ${path}`);
    expect([...new Set(missing), ...understood.filter((name) => !listed.has(name))]).toEqual([]);
  });

  test.each(rows)('--$name is in the code of $files', ({ name, files }) => {
    expect(files).not.toEqual([]);
    const written = new RegExp(`(?<![\\w:])(no)?${name}(?![\\w:])`);
    expect(files.filter((file) => !written.test(codeOf(file)))).toEqual([]);
  });

  test('say for each version that lacks one what happens', () => {
    for (const [name, , , since, gone, missing] of rowsBelow('Options that are passed to Bazel'))
      if (since !== '6.0 or earlier' || gone !== '')
        expect([name, missing]).toEqual([name, expect.stringMatching(/^(detected|gated)/)]);
  });
});

test('the messages and fields of queries have a row each, and no row has others', () => {
  const declared = [
    ...textOf('src/formats/query-proto.ts').matchAll(
      /^ {2}message (\w+) \{|^ {4}(?:required|optional|repeated) \w+ (\w+) = \d+;$/gm,
    ),
  ].map(([, message, field]) => message ?? field ?? '');
  const rows = rowsBelow('What queries print');
  const messages = rows.filter(([name = '']) => /^`[A-Z]\w+`$/.test(name));
  expect(declared).toEqual(expect.arrayContaining(['Target', 'rule_input']));
  expect(new Set(messages.flatMap(([name, fields]) => [...wordsIn(name), ...wordsIn(fields)]))).toEqual(
    new Set(declared),
  );
  const attributes = rows.filter((row) => !messages.includes(row)).flatMap(([name]) => wordsIn(name));
  expect(attributes.sort()).toEqual([...PRINTED_ATTRIBUTES].sort());
});

test('the build events and fields that are read have a row each, and no row has others', () => {
  const names = namesOfEvents();
  expect([...names]).toEqual(
    expect.arrayContaining(['targetCompleted', 'cachedRemotely', 'aborted', 'exitCode']),
  );
  const rows = rowsBelow('Build events').filter(([name]) => !/^`(TestStatus|AbortReason)`$/.test(name ?? ''));
  expect(new Set(rows.flatMap(([event, fields]) => [...wordsIn(event), ...wordsIn(fields)]))).toEqual(names);
});

test.each([
  ['TestStatus', TEST_STATUSES],
  ['AbortReason', ABORT_REASONS],
])('the values of %s are those of the code', (enumeration, values) => {
  const row = rowsBelow('Build events').find(([name]) => name === `\`${enumeration}\``);
  expect(wordsIn(row?.[1])).toEqual([...values]);
});

test('the exit codes are those that have a meaning', () => {
  const known = Array.from({ length: 128 }, (_, code) => code).filter((code) =>
    describeExit(code).includes(':'),
  );
  expect(known).toContain(37);
  expect(rowsBelow('Exit codes').map(([code]) => Number(code))).toEqual([0, ...known]);
});

describe('the versions', () => {
  const workflow = parse(textOf('.github/workflows/ci.yml')) as {
    readonly jobs: {
      readonly bazel: {
        readonly strategy: { readonly matrix: { readonly include: readonly { bazel: string }[] } };
      };
    };
  };
  const tested = workflow.jobs.bazel.strategy.matrix.include.map(({ bazel }) => bazel);

  test('that the workflow tests are the ones on the page, one of each major version, with the pinned one', () => {
    expect(textOf(PAGE)).toContain(`on ${tested.slice(0, -1).join(', ')} and ${tested.at(-1) ?? ''}.`);
    expect(tested).toContain(textOf('.bazelversion').trim());
    expect(tested.map((version) => version.split('.')[0])).toEqual(['6', '7', '8', '9']);
  });

  test('begin with the same oldest one on every page', () => {
    const oldest = `${OLDEST_BAZEL.major}.${OLDEST_BAZEL.minor}`;
    expect(textOf(PAGE)).toMatch(new RegExp(`^\\| older than ${oldest} `, 'm'));
    expect(textOf('README.md')).toContain(`Bazel ${oldest} or later`);
  });
});
