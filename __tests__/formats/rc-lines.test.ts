import { describe, expect, test } from '@jest/globals';
import { joinedOptions, linesWithImports, optionsFor, rcText } from '../../src/formats/rc-lines.js';
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
    const text = 'build --a --config=x --b\nbuild:x --config y\nbuild:y --in-y\nquery:y --of-queries\n';
    expect(options(['build'], text)).toEqual(['--a', '--in-y', '--b']);
  });

  test('end where configurations turn each other on', () => {
    const text = 'build --config=x\nbuild:x --x --config=y\nbuild:y --config=x\n';
    expect(options(['build'], text).every((option) => option === '--x')).toBe(true);
  });

  test('have those of the platform where that is asked for', () => {
    const text = 'build:linux --of-linux\nbuild:macos --of-macos\nbuild --enable_platform_specific_config\n';
    expect(options(['build'], text)).toContain('--of-linux');
    expect(options(['build'], text)).not.toContain('--of-macos');
    const off = `${text}build --noenable_platform_specific_config\n`;
    expect(options(['build'], off)).not.toContain('--of-linux');
  });

  test('are one word each, also where the value stands apart', () => {
    expect(joinedOptions(['--a', 'b', '-c', 'opt', '--d=e', 'f', '--g'])).toEqual([
      '--a=b',
      '-c',
      'opt',
      '--d=e',
      'f',
      '--g',
    ]);
  });
});
