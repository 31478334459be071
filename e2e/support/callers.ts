import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { PRODUCT, PRODUCT_REF } from './product.js';

/** Inputs by name. */
export type Inputs = Readonly<Record<string, string | number>>;

/** A workflow that calls this project's workflow. @param inputs texts are written as YAML strings */
export function callerOf(inputs: Inputs): string {
  const lines = Object.entries(inputs).map(([name, value]) => `      ${name}: ${JSON.stringify(value)}\n`);
  return `name: CI
on:
  pull_request:
  push:
    branches: [main]
  merge_group:

permissions:
  contents: read
  actions: read

jobs:
  bazel:
    uses: ${PRODUCT}/.github/workflows/bazel-affected.yml@${PRODUCT_REF}
    secrets:
      release-environment: RELEASE_FOLDER=\${{ secrets.RELEASE_FOLDER }}
    with:
${lines.join('')}
  after:
    needs: bazel
    if: always()
    runs-on: ubuntu-latest
    steps:
      - env:
          OUTPUTS: \${{ toJSON(needs.bazel) }}
        run: echo "$OUTPUTS"
`;
}

const PAGE = resolve(import.meta.dirname, '../../docs/workflow.md');

const ACTIONS = ['plan', 'run', 'conclude'] as const;
type Action = (typeof ACTIONS)[number];

interface Step {
  readonly uses: string;
  with?: Inputs;
}

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: Step[]; concurrency?: unknown }>>;
}

/**
 * The workflow that docs/workflow.md shows to those who connect the actions themselves.
 *
 * @param inputs inputs for each step that uses one of the actions; they add to those of the page, or replace them
 */
export function wiredWorkflow(inputs: Readonly<Partial<Record<Action, Inputs>>>): string {
  const blocks = [...readFileSync(PAGE, 'utf8').matchAll(/^```yaml\n([^]*?)^```$/gm)];
  const wired = blocks.map(([, text = '']) => text).find((text) => text.includes(`uses: ${PRODUCT}/plan@`));
  if (wired === undefined) throw new Error(`${PAGE} shows no workflow with the plan action.`);
  const { jobs, ...rest } = parse(wired) as Workflow;
  for (const job of Object.values(jobs)) {
    // act refuses a workflow with `queue`, and ignores the other keys of `concurrency`.
    delete job.concurrency;
    for (const step of job.steps) {
      for (const action of ACTIONS)
        if (step.uses === `${PRODUCT}/${action}@${PRODUCT_REF}`)
          step.with = { ...step.with, ...inputs[action] };
    }
  }
  return stringify({ name: 'CI', on: { pull_request: null, push: { branches: ['main'] } }, ...rest, jobs });
}
