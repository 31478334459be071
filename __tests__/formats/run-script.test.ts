import { expect, test } from '@jest/globals';
import { parseRunScript } from '../../src/formats/run-script.js';

const BASE = '/home/me/.cache/bazel/_bazel_me/0123';
const PROGRAM = `${BASE}/execroot/_main/bazel-out/k8-fastbuild/bin/svc/push.sh`;

/** As Bazel 7.7.1 writes it. */
function script(folder: string, more = ''): string {
  return `#!/bin/bash
cd ${folder} && \\
  exec env \\
    -u JAVA_RUNFILES \\
    'OF_RULE=a b' \\
    BUILD_WORKING_DIRECTORY=/home/me/shop \\
    BUILD_WORKSPACE_DIRECTORY=/home/me/shop \\
  ${PROGRAM}${more} "$@"`;
}

test('a script says which program it starts, and in which runfiles', () => {
  expect(parseRunScript(script(`${PROGRAM}.runfiles/_main`), '/home/me/shop')).toMatchObject({
    program: PROGRAM,
    runfiles: `${PROGRAM}.runfiles`,
  });
});

test('a path with spaces is quoted', () => {
  const text = script(`'/a b/execroot/_main/x.runfiles/_main'`).replace(
    `  ${PROGRAM}`,
    `  '/a b/execroot/_main/x'`,
  );
  const parsed = parseRunScript(text, '/home/me/shop');
  expect(parsed?.runfiles).toBe('/a b/execroot/_main/x.runfiles');
});

test('its text is the same for another workspace and another folder of Bazel, and not with other arguments', () => {
  const here = script(`${PROGRAM}.runfiles/_main`);
  const there = here.replaceAll(BASE, '/tmp/out').replaceAll('/home/me/shop', '/work');
  const textOf = (text: string, workspace: string) => parseRunScript(text, workspace)?.text;
  expect(textOf(there, '/work')).toBe(textOf(here, '/home/me/shop'));
  const other = script(`${PROGRAM}.runfiles/_main`, ' --tag=2');
  expect(textOf(other, '/home/me/shop')).not.toBe(textOf(here, '/home/me/shop'));
});

test('a program around it is another form, as with --run_under', () => {
  const under = script(`${PROGRAM}.runfiles/_main`).replace(
    `  ${PROGRAM}`,
    `  /bin/bash -c 'wrap ${PROGRAM}'`,
  );
  expect(parseRunScript(under, '/home/me/shop')).toBeNull();
});

test.each(['', 'exec /a/b "$@"', script('/home/me/shop'), script('relative.runfiles/_main')])(
  'another form is none: %j',
  (text) => {
    expect(parseRunScript(text, '/home/me/shop')).toBeNull();
  },
);
