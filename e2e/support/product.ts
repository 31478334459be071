import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const WORKFLOW = '.github/workflows/bazel-affected.yml';

/** What the caller writes after `uses:`. */
export const PRODUCT = 'org/bazel-affected';
export const PRODUCT_REF = 'v1';

/** Other people's actions in the workflow and in the one of the page, as `owner/name@ref`. */
const OTHER_ACTIONS = new Set(
  [WORKFLOW, 'docs/workflow.md'].flatMap((file) => {
    const uses = readFileSync(join(REPOSITORY, file), 'utf8').matchAll(/uses: ([\w-]+\/[\w-]+@\w+)/g);
    return [...uses].map(([, action = '']) => action).filter((action) => !action.startsWith(`${PRODUCT}@`));
  }),
);

/**
 * Copies what a release of this project holds, with the two bridges that act needs. The product itself knows nothing
 * of them.
 */
export function copyProduct(folder: string): void {
  for (const part of ['action.yml', 'plan', 'run', 'conclude', 'dist', WORKFLOW]) {
    cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
  }
  const file = join(folder, WORKFLOW);
  const bridged = readFileSync(file, 'utf8')
    // act knows no `$/`, the reference to the same repository at the same commit.
    .replaceAll(/uses: \$\/(\w+)/g, `uses: ${PRODUCT}/$1@${PRODUCT_REF}`)
    // act refuses a workflow with `queue`; it ignores what else stands under `concurrency`.
    .replaceAll(/^ +queue: max\n/gm, '');
  writeFileSync(file, bridged);
}

/**
 * Makes stubs of other people's actions, which come from the network: the one of actions/checkout fetches from the folder
 * in E2E_ORIGIN, as shallow as it is asked to; the others do nothing.
 *
 * @returns the folder of each, by `owner/name@ref`
 */
export function makeStubs(folder: string): Map<string, string> {
  return new Map(
    [...OTHER_ACTIONS].map((action, at) => {
      const stub = join(folder, String(at));
      mkdirSync(stub, { recursive: true });
      writeFileSync(join(stub, 'action.yml'), action.startsWith('actions/checkout@') ? CHECKOUT : NOTHING);
      return [action, stub];
    }),
  );
}

const CHECKOUT = `
name: checkout
description: actions/checkout for act, from a local repository
inputs:
  fetch-depth: { description: d, default: '1' }
  ref: { description: r, default: '' }
  persist-credentials: { description: p, default: 'true' }
  submodules: { description: s, default: 'false' }
  lfs: { description: l, default: 'false' }
runs:
  using: composite
  steps:
    - shell: bash
      env: { DEPTH: '\${{ inputs.fetch-depth }}', REF: '\${{ inputs.ref || github.sha }}' }
      run: |
        set -eu
        git init -q . && git remote add origin "$E2E_ORIGIN"
        depth=(); [ "$DEPTH" = 0 ] || depth=(--depth "$DEPTH")
        git fetch -q "\${depth[@]}" origin "$REF" && git checkout -q --detach FETCH_HEAD
`;

const NOTHING = `
name: nothing
description: an action that needs a network
runs:
  using: composite
  steps: []
`;
