import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const HOOKS = join(import.meta.dirname, '../support/typescript-files.mjs');
const JOB_LOG = join(import.meta.dirname, '../../src/entry/job-log.ts');

/** What a program prints that uses the log. */
function printed(program: string): { readonly stdout: string; readonly stderr: string } {
  return spawnSync(
    process.execPath,
    [
      '--experimental-transform-types',
      '--disable-warning=ExperimentalWarning',
      `--import=${HOOKS}`,
      '--input-type=module',
      '--eval',
      `const log = await import(${JSON.stringify(JOB_LOG)});\n${program}`,
    ],
    { encoding: 'utf8' },
  );
}

test('annotations, groups and lines hold no command of others', () => {
  const { stdout } = printed(`
    log.info('::error::a\\n##[error]b');
    log.annotate('error', 'm ##[c]', { title: '##[d]', file: '##[e]::f', startLine: 3 });
    await log.group('##[g]\\n::h::', async () => undefined);
  `);
  expect(stdout).toBe(
    ': :error::a\n# #[error]b\n::error title=# #[d],file=# #[e]%3A%3Af,line=3::m # #[c]\n' +
      '::group::# #[g]%0A: :h::\n::endgroup::\n',
  );
});

test('what libraries print past the log holds no command of others, and commands of their own stay', () => {
  const { stdout, stderr } = printed(`
    log.guardLog();
    process.stdout.write('Found ##[error]x\\n::error::forged\\n');
    process.stdout.write('::warning::of a library ##[error]y\\n');
    console.error('##[error]z');
  `);
  expect(stdout).toBe('Found # #[error]x\n: :error::forged\n::warning::of a library # #[error]y\n');
  expect(stderr).toBe('# #[error]z\n');
});

test('what others print is as it is, while no commands are taken', () => {
  const { stdout } = printed(`
    log.guardLog();
    await log.letOthersPrint(async (print) => print(Buffer.from('::error::x\\n##[error]y')));
  `);
  const [, token = ''] = /^::stop-commands::(.+)\n/.exec(stdout) ?? [];
  expect(token).toMatch(/^[0-9a-f-]{36}$/);
  expect(stdout).toBe(`::stop-commands::${token}\n::error::x\n##[error]y\n::${token}::\n`);
});

test('commands are taken again after a failure', () => {
  const { stdout } = printed(`
    await log.letOthersPrint(async () => { throw new Error('x'); }).catch(() => undefined);
  `);
  expect(stdout).toMatch(/^::stop-commands::(.+)\n\n::\1::\n$/);
});
