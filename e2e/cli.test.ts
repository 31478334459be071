/** `bazel-affected run` on a developer's machine, with the bundle in dist/, the example and the real Bazel. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../__tests__/support/temporary-folder.js';
import { copyExample } from '../scripts/copy-example.mjs';
import { findBazel } from '../scripts/find-bazel.mjs';

const REPOSITORY = resolve(import.meta.dirname, '..');
const temporary = new TemporaryFolder();
const room = temporary.path;
const folder = join(room, 'monorepo');
const startup = `--output_user_root=${join(room, 'bazel')} --host_jvm_args=-XX:TieredStopAtLevel=1`;
const bazel = findBazel();

beforeAll(() => {
  copyExample(folder);
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];
  for (const args of [
    ['init', '-q'],
    ['add', '-A'],
    [...identity, 'commit', '-qm', 'before'],
  ]) {
    execFileSync('git', args, { cwd: folder });
  }
});

afterAll(() => {
  execFileSync(bazel, [...startup.split(' '), 'shutdown'], { cwd: folder, stdio: 'ignore' });
  execFileSync('chmod', ['-R', 'u+w', room]);
  temporary.remove();
});

function run(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  const cli = join(REPOSITORY, 'dist/cli/index.js');
  return spawnSync(
    process.execPath,
    [cli, 'run', '--base', 'HEAD', '--bazel', bazel, '--startup-options', startup, ...options],
    {
      cwd: join(folder, 'services'),
      encoding: 'utf8',
      env: { ...process.env, RELEASE_FOLDER: join(room, 'out') },
    },
  );
}

test('without changes there is nothing to do', () => {
  expect(run()).toMatchObject({ status: 0, stdout: '✅ Nothing to do: no target is affected.\n' });
});

test('affected tests run and affected releases are built for uncommitted changes', () => {
  writeFileSync(join(folder, 'services/hello/hello.sh'), '# a comment\ngreeting "${1:-world}" "${2:-}"\n');
  const { status, stdout, stderr } = run();
  expect(stdout).toMatch(/^✅ test \/\/services\/hello:hello_test: passed, .* s$/m);
  expect(stdout).toMatch(/^✅ build \/\/services\/hello:release\.ci: built$/m);
  expect(stdout).toMatch(/^✅ All 2 targets passed\.$/m);
  expect(stderr).toMatch(/^\[1\/2\] build \/\/services\/hello:release\.ci \(1 target\)$/m);
  expect(status).toBe(0);
});

test('a failing test fails the command and shows the end of its log', () => {
  writeFileSync(join(folder, 'services/hello/hello_expected.txt'), 'Buongiorno, Ada!\n');
  const { status, stdout } = run('--mode', 'test', '--flags=--test_output=summary');
  expect(stdout).toContain('❌ test //services/hello:hello_test: failed');
  expect(stdout).toContain('    services/hello/BUILD.bazel:13\n');
  expect(stdout).toContain('    | +Ciao, Ada!\n');
  expect(stdout).toContain('❌ 1 of 1 targets failed.');
  expect(status).toBe(1);
});

test('a release whose own test fails is withheld', () => {
  const { status, stdout, stderr } = run('--mode', 'release', '--channel', 'ci', '--yes');
  expect(stderr).toContain(
    'the working tree has uncommitted changes, so the release contains changes that no commit contains',
  );
  expect(stderr).toMatch(
    /^\[1\/2\] test .*[^]*^\/\/services\/hello:release\.ci: Not released, because 1 own test did not pass: \/\/services\/hello:hello_test\./m,
  );
  expect(stdout).toContain('❌ test //services/hello:hello_test: failed');
  expect(stdout).toMatch(
    /^⏸️ release \/\/services\/hello:release\.ci: withheld\n.*\n❌ 1 of 1 targets failed; 1 release was withheld\.$/m,
  );
  expect(stdout).not.toMatch(/: released|never reported/);
  expect(existsSync(join(room, 'out'))).toBe(false);
  expect(status).toBe(1);
});

test('a release that waits for all tests is not started if one fails', () => {
  const { status, stdout, stderr } = run('--mode=release', '--channel=ci', '--yes', '--release-after=tests');
  expect(stderr).toContain('//services/hello:release.ci is not released, because a test or a build failed');
  expect(stdout).toContain('❌ 1 of 1 targets failed; 1 release was withheld.');
  expect(existsSync(join(room, 'out'))).toBe(false);
  expect(status).toBe(1);
});

test('releases of CI are not run from here without a question, and nothing is released that is not for here', () => {
  expect(run('--mode', 'release', '--channel', 'ci')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('there is no terminal: add --yes if you are sure') as unknown,
  });
  const { stdout, stderr } = run('--mode', 'release');
  expect(stderr).toContain('no dev release is affected. Releases of CI run only with --channel ci');
  expect(stdout).not.toContain('//services/hello:release.ci');
  expect(existsSync(join(room, 'out'))).toBe(false);
});

test('a release starts after its tests have passed', () => {
  execFileSync('git', ['checkout', '-q', '--', 'services/hello/hello_expected.txt'], { cwd: folder });
  const { status, stdout, stderr } = run('--mode', 'release', '--channel', 'ci', '--yes');
  expect(stderr).toMatch(/^\[1\/2\] test .*[^]*^\[2\/2\] release /m);
  expect(stdout).toMatch(/^✅ release \/\/services\/hello:release\.ci: released/m);
  expect(existsSync(join(room, 'out'))).toBe(true);
  expect(status).toBe(0);
});

test('a revision other than the working tree is refused, because only the working tree can be tested', () => {
  expect(run('--head', 'HEAD')).toMatchObject({ status: 2, stdout: '' });
});
