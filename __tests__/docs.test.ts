import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { PLAN_INPUTS } from '../src/plan/plan-inputs.js';
import { planToJson } from '../src/plan/file/plan-file.js';
import { plan } from './support/builders.js';
import { TemporaryFolder } from './support/temporary-folder.js';

const ROOT = dirname(import.meta.dirname);
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
];
const WORKFLOW = '.github/workflows/bazel-affected.yml';

type Keys = Readonly<Record<string, unknown>>;

interface Declared {
  readonly inputs?: Keys;
  readonly outputs?: Keys;
  readonly on?: { readonly workflow_call: { readonly inputs: Keys; readonly secrets: Keys } };
}

interface Step {
  readonly uses?: string;
  readonly with?: Keys;
}

interface Job extends Step {
  readonly needs?: string | readonly string[];
  readonly secrets?: Keys;
  readonly permissions?: Keys | string;
  readonly steps?: readonly Step[];
}

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function declared(path: string): Declared {
  return parse(textOf(path)) as Declared;
}

function examplesIn(page: string, language: string): string[] {
  const blocks = textOf(page).matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'));
  return [...blocks].map(([, text = '']) => text);
}

/** The owner of this project in the pages: `org`, until the line in README.md sets another one. */
const [, OWNER = ''] = /uses: ([\w-]+)\/bazel-affected@v1$/m.exec(textOf('docs/workflow.md')) ?? [];
const PRODUCT = `${OWNER}/bazel-affected`;

/** The paths of this repository that a text names and that do not exist. */
function missingPaths(text: string): string[] {
  const named = text.matchAll(
    /(?<=^|[\s`(])((?:src|__tests__|e2e|bench|scripts|docs|\.ci|\.github)\/[\w./-]*\w|[A-Z]+\.md|\.[\w-]+\.js)/gm,
  );
  return [...named].map(([path]) => path).filter((path) => !existsSync(join(ROOT, path)));
}

/** The file that a `uses:` of this repository stands for, or null for other people's actions. */
function ownFile(uses: string): string | null {
  const path = new RegExp(`^${PRODUCT}(?:/(.*))?@v1$`).exec(uses);
  if (path === null) return null;
  if (path[1] === undefined) return 'action.yml';
  return path[1].endsWith('.yml') ? path[1] : `${path[1]}/action.yml`;
}

describe.each(PAGES)('%s', (page) => {
  test('names only inputs and secrets that there are', () => {
    for (const example of examplesIn(page, 'yaml')) {
      const { jobs = {} } = parse(example) as { jobs?: Readonly<Record<string, Job>> };
      for (const job of Object.values(jobs)) {
        for (const step of [job, ...(job.steps ?? [])]) {
          const file = ownFile(step.uses ?? '');
          if (file === null) continue;
          const { inputs = {}, on } = declared(file);
          const known = Object.keys(on?.workflow_call.inputs ?? inputs);
          expect(known).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
          const secrets = Object.keys(on?.workflow_call.secrets ?? {});
          expect(secrets).toEqual(expect.arrayContaining(Object.keys(job.secrets ?? {})));
        }
      }
    }
  });

  test("pins other people's actions as the workflows here do, and leaves no credentials in a checkout", () => {
    for (const example of examplesIn(page, 'yaml')) {
      for (const [, uses = ''] of example.matchAll(/uses: (.*)$/gm)) {
        if (ownFile(uses) !== null) continue;
        expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/);
        expect(textOf(WORKFLOW)).toContain(`uses: ${uses}\n`);
      }
      const { jobs = {} } = parse(example) as { jobs?: Readonly<Record<string, Job>> };
      for (const step of Object.values(jobs).flatMap(({ steps = [] }) => steps))
        if (step.uses?.startsWith('actions/checkout@') === true)
          expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
  });

  test('gives each job of a whole workflow its permissions, and none that writes but to a release', () => {
    for (const example of examplesIn(page, 'yaml')) {
      const { jobs, permissions } = parse(example) as {
        jobs?: Readonly<Record<string, Job>>;
        permissions?: Keys;
      };
      for (const job of Object.values(jobs ?? {})) {
        const given = job.permissions ?? permissions;
        expect(given).toEqual(expect.any(Object));
        if (job.steps !== undefined) expect(Object.values(given as Keys)).not.toContain('write');
      }
    }
  });

  test('names only outputs of the plan that there are', () => {
    const named = [...textOf(page).matchAll(/steps\.plan\.outputs\.([\w-]+)/g)].map(([, name]) => name);
    expect(Object.keys(declared('action.yml').outputs ?? {})).toEqual(expect.arrayContaining(named));
  });

  test('links only to files that there are', () => {
    const links = [...textOf(page).matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
    for (const link of links.filter((target) => !target.startsWith('https:'))) {
      expect([link, existsSync(join(ROOT, dirname(page), link))]).toEqual([link, true]);
    }
  });

  test('names only paths that there are', () => {
    expect(missingPaths(textOf(page))).toEqual([]);
  });

  test('calls only commands that there are', () => {
    const scripts = (JSON.parse(textOf('package.json')) as { scripts: Keys }).scripts;
    for (const [, name = ''] of textOf(page).matchAll(/npm run ([\w-]+)/g))
      expect(scripts).toHaveProperty([name]);
    const commands = [...textOf(page).matchAll(/^\s*bazel-affected ([a-z]+)/gm)].map(([, name = '']) => name);
    for (const command of new Set(commands)) {
      const cli = spawnSync(process.execPath, [join(ROOT, 'dist/cli/index.js'), command, '--help'], {
        encoding: 'utf8',
      });
      expect([cli.status, cli.stdout]).toEqual([0, expect.stringContaining(`bazel-affected ${command}`)]);
    }
  });
});

test('a path that does not exist is found, in the text and in a command', () => {
  expect(missingPaths('See `src/nowhere.ts`, [this](docs/none.md) and `src/entry/cli.ts`.')).toEqual([
    'src/nowhere.ts',
    'docs/none.md',
  ]);
  expect(missingPaths('    node scripts/none.mjs 1.0.0\n')).toEqual(['scripts/none.mjs']);
});

describe('the owner of this project', () => {
  const [, line = ''] = /^ {4}(sed -i .*)$/m.exec(textOf('README.md')) ?? [];
  const named = line.split(' ').slice(3);

  test('is set in each file by the line in README.md', () => {
    const temporary = new TemporaryFolder();
    const folder = temporary.path;
    try {
      for (const file of named) {
        expect(textOf(file)).toContain(PRODUCT);
        cpSync(join(ROOT, file), join(folder, file));
      }
      const { status } = spawnSync('sh', ['-c', line.replace('OWNER', 'somebody')], { cwd: folder });
      expect(status).toBe(0);
      for (const file of named) {
        const text = readFileSync(join(folder, file), 'utf8');
        expect(text).toContain('somebody/bazel-affected');
        expect(text).not.toMatch(/[\w-]somebody/);
        expect([file, text.includes(PRODUCT)]).toEqual([file, false]);
      }
    } finally {
      temporary.remove();
    }
  });

  test('stands in no other file', () => {
    const search = ['grep', '--untracked', '-lF', PRODUCT, '--', ':!dist'];
    const { stdout } = spawnSync('git', search, { cwd: ROOT, encoding: 'utf8' });
    expect(stdout.trim().split('\n').sort()).toEqual([...named].sort());
  });
});

test('the page of the plan file shows all fields of a plan, and no other', () => {
  const [example = '{}'] = examplesIn('docs/plan-file.md', 'json');
  expect(Object.keys(JSON.parse(example) as Keys)).toEqual(Object.keys(planToJson(plan())));
});

test('the workflow takes every input of the plan and hands it on', () => {
  const made = ['github-token', 'leg-options', 'record'];
  const names = Object.keys(PLAN_INPUTS).filter((name) => !made.includes(name));
  const { on } = declared(WORKFLOW);
  expect(Object.keys(on?.workflow_call.inputs ?? {})).toEqual(expect.arrayContaining(names));
  const { jobs } = parse(textOf(WORKFLOW)) as { jobs: Readonly<Record<string, Job>> };
  const step = jobs.plan?.steps?.find(({ uses }) => uses === '$/plan');
  const { 'leg-options': legOptions, record, ...handedOn } = step?.with ?? {};
  expect(record).toBe('later');
  expect(handedOn).toEqual(Object.fromEntries(names.map((name) => [name, `\${{ inputs.${name} }}`])));
  for (const name of ['bazel-flags', 'test-flags', 'build-flags', 'release-flags', 'bazelrc'])
    expect(legOptions).toContain(`\${{ inputs.${name} }}`);
});

test('the workflow records with the inputs of the plan, beside the legs and the verdict', () => {
  const { jobs } = parse(textOf(WORKFLOW)) as { jobs: Readonly<Record<string, Job>> };
  const ofPlan = jobs.plan?.steps?.find(({ uses }) => uses === '$/plan')?.with ?? {};
  const { commit, ...handedOn } = jobs.record?.steps?.find(({ uses }) => uses === '$/record')?.with ?? {};
  expect(commit).toBe('${{ needs.plan.outputs.unrecorded }}');
  const inputs = Object.keys(declared('record/action.yml').inputs ?? {});
  expect(Object.keys(handedOn)).toEqual(inputs.filter((name) => !['commit', 'github-token'].includes(name)));
  for (const [name, value] of Object.entries(handedOn)) expect([name, value]).toEqual([name, ofPlan[name]]);
  expect(jobs.record).toMatchObject({ needs: 'plan', 'continue-on-error': true });
  for (const { needs } of Object.values(jobs)) expect([needs].flat()).not.toContain('record');
});

test.each(['test', 'build', 'release'])(
  'the reusable workflow hands the flags for every leg, and those for %s, to the legs that %s',
  (mode) => {
    const { jobs } = parse(textOf(WORKFLOW)) as { jobs: Readonly<Record<string, Job>> };
    const step = jobs[mode]?.steps?.find((each) => each.uses === '$/run' && each.with?.part !== 'own-tests');
    const names = ['bazel', 'startup-options', 'bazel-flags', `${mode}-flags`];
    expect(step?.with).toMatchObject(
      Object.fromEntries(names.map((name) => [name, `\${{ inputs.${name} }}`])),
    );
    const others = ['test-flags', 'build-flags', 'release-flags'].filter((name) => !names.includes(name));
    for (const name of others) expect(step?.with).not.toHaveProperty(name);
  },
);

interface NamedStep extends Step {
  readonly name?: string;
}

/** An object without some of its entries. */
function without(object: object, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

describe('the jobs that release', () => {
  const { jobs } = parse(textOf(WORKFLOW)) as {
    jobs: Readonly<
      Record<string, Readonly<Record<string, unknown>> & { readonly steps?: readonly NamedStep[] }>
    >;
  };
  const { release = {}, 'late-release': late = {} } = jobs;

  test('are the same, but for what they wait for', () => {
    const different = ['needs', 'if', 'steps', 'strategy'];
    expect(without(late, different)).toEqual(without(release, different));
    expect([release.needs, late.needs]).toEqual(['plan', ['plan', 'test']]);
    const withoutTests = (release.steps ?? []).filter(({ name }) => name !== 'Own tests');
    const withoutPart = withoutTests.map((step) => ({
      ...without(step, ['name', 'with']),
      ...(step.with === undefined ? {} : { with: without(step.with, ['part']) }),
    }));
    expect(withoutPart).toEqual(late.steps);
  });

  test('run the own tests in a step that has no credentials', () => {
    const steps = (release.steps ?? []).filter((step) => step.with?.leg !== undefined);
    expect(steps.map((step) => [step.name, step.with?.part])).toEqual([
      ['Own tests', 'own-tests'],
      ['Release', 'release'],
    ]);
    for (const name of ['environment', 'release-flags']) expect(steps[0]?.with).not.toHaveProperty(name);
  });
});

describe('the verdict starts, however much a plan puts out', () => {
  const written = [
    [WORKFLOW, textOf(WORKFLOW)],
    ...PAGES.flatMap((page) => examplesIn(page, 'yaml').map((example) => [page, example])),
  ].map(([file = '', text = '']) => {
    const { jobs = {} } = parse(text) as { jobs?: Readonly<Record<string, Job>> };
    return { file, jobs };
  });
  const concluding = written.flatMap(({ file, jobs }) =>
    Object.values(jobs).flatMap((job) =>
      (job.steps ?? [])
        .filter(({ uses = '' }) => uses === '$/conclude' || ownFile(uses) === 'conclude/action.yml')
        .map((step) => ({ file, job, jobs, needs: String(step.with?.needs) })),
    ),
  );

  test('in the workflow and on the page', () => {
    expect(concluding.map(({ file }) => file)).toEqual([WORKFLOW, 'docs/workflow.md']);
  });

  test('because it gets the results of the jobs that it waits for, and nothing else', () => {
    for (const { job, jobs, needs } of concluding) {
      const names = Object.keys(jobs).filter((name) => !['conclude', 'record'].includes(name));
      expect(job.needs).toEqual(names);
      const expected = Object.fromEntries(
        names.map((name) => [name, { result: `\${{ needs.${name}.result }}` }]),
      );
      expect(JSON.parse(needs)).toEqual(expected);
      // The longest that it can become.
      expect(needs.replaceAll(/\$\{\{.*?\}\}/g, 'cancelled').length).toBeLessThan(1_000);
    }
  });

  test('and no input or variable anywhere is all of needs', () => {
    for (const { jobs } of written) expect(JSON.stringify(jobs)).not.toMatch(/toJSON\(\s*needs\b/i);
  });
});
