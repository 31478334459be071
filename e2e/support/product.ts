import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const WORKFLOW = '.github/workflows/bazel-affected.yml';

/** The owner and name that the caller writes after `uses:`. */
export const PRODUCT = 'org/bazel-affected';
export const PRODUCT_REF = 'v1';

/** Third-party actions in the workflow and on the page, as `owner/name@ref`. */
const OTHER_ACTIONS = new Set(
  [WORKFLOW, 'docs/workflow.md'].flatMap((file) => {
    const uses = readFileSync(join(REPOSITORY, file), 'utf8').matchAll(/uses: ([\w-]+\/[\w-]+@\w+)/g);
    return [...uses].map(([, action = '']) => action).filter((action) => !action.startsWith(`${PRODUCT}@`));
  }),
);

/**
 * Copies what a release of this project contains, with the two changes that act needs. The product itself does not know of
 * them.
 */
export function copyProduct(folder: string): void {
  for (const part of ['action.yml', 'plan', 'run', 'conclude', 'record', 'dist', WORKFLOW]) {
    cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
  }
  const file = join(folder, WORKFLOW);
  const bridged = readFileSync(file, 'utf8')
    // act does not know `$/`, the reference to the same repository at the same commit.
    .replaceAll(/uses: \$\/(\w+)/g, `uses: ${PRODUCT}/$1@${PRODUCT_REF}`)
    // act refuses a workflow with `queue`, and ignores the other keys of `concurrency`.
    .replaceAll(/^ +queue: max\n/gm, '');
  writeFileSync(file, bridged);
}

/**
 * Makes stubs of third-party actions, which would come from the network. The stub of actions/checkout fetches from the folder
 * in E2E_ORIGIN, with the depth that its input names. The other stubs do nothing.
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
