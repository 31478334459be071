import { describe, expect, test } from '@jest/globals';
import {
  appliedOptions,
  joinedOptions,
  linesWithImports,
  optionsFor,
  rcText,
} from '../../src/formats/rc-lines.js';
import { parseRc } from '../../src/formats/rc.js';

function read(files: Readonly<Record<string, string>>): (path: string) => string | null {
  return (path) => files[path] ?? null;
}

describe('the lines of an rc file', () => {
  test('have those of an imported file in the place of the import', () => {
    const files = {
      '.bazelrc': 'build --a\nimport %workspace%/tools/x.bazelrc\ntry-import /etc/y\nbuild --d\n',
      'tools/x.bazelrc': 'build --b\n',
      '/etc/y': 'build --c\n',
    };
    const words = linesWithImports('.bazelrc', read(files)).flatMap((line) => line.words);
    expect(words).toEqual(['--a', '--b', '--c', '--d']);
  });

  test('keep an import that cannot be followed, for Bazel to complain of', () => {
    const files = { '.bazelrc': 'import %workspace%/gone\n', loop: 'import %workspace%/loop\n' };
    expect(rcText(linesWithImports('.bazelrc', read(files)))).toBe('import %workspace%/gone\n');
    expect(rcText(linesWithImports('loop', read(files)))).toBe('import %workspace%/loop\n');
    expect(linesWithImports('none', read(files))).toEqual([]);
  });

  test('keep an import of two files, which Bazel refuses, and one with a condition', () => {
    const text = 'import a b\ntry-import-if-bazel-version >=9.0.0 a\n';
    const files = { '.bazelrc': text, a: 'build --a', b: 'build --b' };
    expect(rcText(linesWithImports('.bazelrc', read(files)))).toBe(text);
  });

  test('have those of a file as often as it is imported, but not within itself', () => {
    const files = {
      '.bazelrc': 'import a\nimport b\n',
      a: 'import b\nbuild --a\n',
      b: 'try-import a\nbuild --b\n',
    };
    expect(rcText(linesWithImports('.bazelrc', read(files)))).toBe(
      'try-import a\nbuild --b\nbuild --a\nimport b\nbuild --a\nbuild --b\n',
    );
  });

  test('are read from each file once', () => {
    const asked: string[] = [];
    const files: Readonly<Record<string, string>> = { '.bazelrc': 'import a\nimport a\n', a: 'build --a\n' };
    const lines = linesWithImports('.bazelrc', (path) => {
      asked.push(path);
      return files[path] ?? null;
    });
    expect([rcText(lines), asked]).toEqual(['build --a\nbuild --a\n', ['.bazelrc', 'a']]);
  });

  test('come back as they were when they are written and read again', () => {
    const text = 'build --a=\'x "y" \\\\ #z\'\nstartup --b="" --c\n';
    expect(parseRc(rcText(parseRc(text)))).toEqual(parseRc(text));
  });
});

describe('the options of a command', () => {
  function options(commands: readonly string[], text: string, platform = 'linux'): string[] {
    return optionsFor(commands, parseRc(text), platform);
  }

  test('begin with those of what it inherits from, wherever they stand', () => {
    expect(options(['common', 'build'], 'build --b\nquery --q\ncommon --a\nbuild --c=1\n')).toEqual([
      '--a',
      '--b',
      '--c=1',
    ]);
  });

  test('have those of a configuration where it is turned on', () => {
    const text = 'build -s --config=x --b\nbuild:x --config y\nbuild:y --in-y\nquery:y --of-queries\n';
    expect(options(['build'], text)).toEqual(['--subcommands', '--in-y', '--b']);
  });

  test('have a configuration itself that has no options, or turns itself on', () => {
    expect(options(['build'], 'build --config=x\ntest:x --b\n')).toEqual(['--config=x']);
    const text = 'build --config=x\nbuild:x -k --config=y\nbuild:y --config=x\n';
    expect(options(['build'], text)).toEqual(['--keep_going', '--config=x']);
  });

  test('have those of the platform where that is asked for', () => {
    const text = 'build:linux --of-linux\nbuild:macos --of-macos\nbuild --enable_platform_specific_config\n';
    expect(options(['build'], text)).toContain('--of-linux');
    expect(options(['build'], text)).not.toContain('--of-macos');
    const off = `${text}build --noenable_platform_specific_config\n`;
    expect(options(['build'], off)).not.toContain('--of-linux');
  });

  test('have those of the platform in the place of the option that decides', () => {
    const text = 'build -k --enable_platform_specific_config --b=1\ncommon:macos --of-macos\n';
    expect(options(['common', 'build'], text, 'macos')).toEqual(['--keep_going', '--of-macos', '--b=1']);
    expect(options(['common', 'build'], text, 'linux')).toEqual(['--keep_going', '--b=1']);
    expect(options(['build'], 'build --enable_platform_specific_config=0\nbuild:linux --a\n')).toEqual([]);
  });

  test('are one word each, also where the value stands apart', () => {
    expect(joinedOptions(['--a', 'b', '-c', 'opt', '--d=e', 'f', '--g'])).toEqual([
      '--a=b',
      '--compilation_mode=opt',
      '--d=e',
      'f',
      '--g',
    ]);
    expect(joinedOptions(['-j', '8', '-k', '-k-'])).toEqual(['--jobs=8', '--keep_going', '--nokeep_going']);
  });

  test('leave the next word alone where they take no value', () => {
    const words = ['--verbose_failures', 'a', '--noincompatible_x', 'b', '--//x:y', 'c', '--no@x//:y', 'd'];
    expect(joinedOptions(words)).toEqual(words);
  });

  test('tell which of them may be the value of the one before', () => {
    const certain = (text: string): boolean[] =>
      appliedOptions(['build'], parseRc(text), 'linux').map(({ isCertain }) => isCertain);
    expect(certain('build --test_arg --jobs=8 --jobs=8')).toEqual([true, false, true]);
    expect(certain('build --test_arg\nbuild --copt --jobs=8 --jobs=8')).toEqual([true, false, false, true]);
    expect(certain('build --verbose_failures -k --test_arg=x --jobs=8')).toEqual([true, true, true, true]);
    expect(options(['build'], 'build --test_arg -k')).toEqual(['--test_arg', '-k']);
    expect(options(['build'], 'build --test_arg --config=x\nbuild:x --b')).toEqual([
      '--test_arg',
      '--config=x',
      '--b',
    ]);
  });
});
