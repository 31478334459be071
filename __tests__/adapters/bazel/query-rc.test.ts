import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { QueryRc, withRcFile } from '../../../src/adapters/bazel/query-rc.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const KNOWN = new Set(['deleted_packages']);
const HOME = process.env.HOME;

let temporary: TemporaryFolder;
let folder: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  mkdirSync(join(folder, 'home'));
  process.env.HOME = join(folder, 'home');
});

afterEach(() => {
  process.env.HOME = HOME;
  temporary.remove();
});

function write(path: string, text: string): string {
  writeFileSync(join(folder, path), text);
  return join(folder, path);
}

function queriesUnder(...startupOptions: readonly string[]): string | null {
  return new QueryRc(folder, { startupOptions, queryOptions: [] }).textWithGraphOfBuilds(KNOWN);
}

describe('the rc files of a query', () => {
  test('are read in the order of Bazel: workspace, home, those that are named', () => {
    write('.bazelrc', 'query --deleted_packages=a\nbuild --w\n');
    write('home/.bazelrc', 'build --h\n');
    const named = write('named', 'build --n\n');
    expect(queriesUnder(`--bazelrc=${named}`)).toBe(
      'query --noshow_progress\nbuild --w --noshow_progress\nbuild --h --noshow_progress\n' +
        'build --n --noshow_progress\nquery\n',
    );
  });

  test('are left out where a startup option says so', () => {
    write('.bazelrc', 'query --deleted_packages=a\n');
    write('home/.bazelrc', 'query --deleted_packages=b\n');
    const named = write('named', 'query --deleted_packages=c\n');
    expect(queriesUnder('--ignore_all_rc_files', `--bazelrc=${named}`)).toBeNull();
    expect(queriesUnder('--noworkspace_rc', '--nohome_rc')).toBeNull();
    expect(queriesUnder('--noworkspace_rc', '--workspace_rc')).not.toBeNull();
    const behindTheEnd = ['--noworkspace_rc', '--nohome_rc', '--bazelrc=/dev/null', `--bazelrc=${named}`];
    expect(queriesUnder(...behindTheEnd)).toBeNull();
  });

  test('give way to one file, and other startup options stay', () => {
    const options = ['--bazelrc=x', '--host_jvm_args=-Xmx2g', '--home_rc', '--ignore_all_rc_files'];
    expect(withRcFile(options, '/own')).toEqual([
      '--noworkspace_rc',
      '--nohome_rc',
      '--bazelrc=/own',
      '--host_jvm_args=-Xmx2g',
    ]);
  });

  test('say which packages builds do not see', () => {
    write(
      '.bazelrc',
      'common --deleted_packages=a\nbuild --deleted_packages=//b\nquery --deleted_packages=c\n',
    );
    expect(new QueryRc(folder, { startupOptions: [], queryOptions: [] }).deletedPackages).toEqual(['a', 'b']);
  });
});

describe("Java's garbage collector", () => {
  test.each([
    ['startup --host_jvm_args=-XX:+UseParallelGC\n', [], true],
    ['startup --host_jvm_args -XX:+UseZGC\n', [], true],
    ['', ['--host_jvm_args=-XX:+UseG1GC'], true],
    ['startup --host_jvm_args=-XX:-UseG1GC --host_jvm_args=-Xmx1g\nbuild --x=-XX:+UseG1GC\n', [], false],
  ])('is chosen by %j and %j: %s', (text, startupOptions, isChosen) => {
    write('.bazelrc', text);
    expect(new QueryRc(folder, { startupOptions, queryOptions: [] }).choosesCollector).toBe(isChosen);
  });
});
