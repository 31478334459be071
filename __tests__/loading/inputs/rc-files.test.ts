import { describe, expect, test } from '@jest/globals';
import { Checkout, rcFilesFrom, type RcFile } from '../../../src/loading/inputs/rc-files.js';
import { supplyTextsNow } from '../../../src/loading/inputs/texts.js';
import { workspacePath } from '../../support/builders.js';

describe('rc files with their imports', () => {
  function reachedFrom(roots: readonly string[], files: Readonly<Record<string, string>>): RcFile[] {
    const texts = new Map(Object.entries(files).map(([path, text]) => [workspacePath(path), text]));
    return supplyTextsNow(rcFilesFrom(roots), () => texts);
  }

  test('are followed from one to the next, inside the workspace and out of it', () => {
    const files = {
      '.bazelrc': 'import %workspace%/ci/rc\ntry-import %workspace%/../common.rc\nimport /etc/rc',
      'ci/rc': 'import ci/./more.rc',
      'ci/more.rc': 'build --x',
      '../common.rc': '',
    };
    expect(reachedFrom(['.bazelrc'], files)).toEqual([
      { path: '.bazelrc', text: files['.bazelrc'], importedBy: null },
      { path: 'ci/rc', text: files['ci/rc'], importedBy: '.bazelrc' },
      { path: '../common.rc', text: '', importedBy: '.bazelrc' },
      { path: '/etc/rc', text: null, importedBy: '.bazelrc' },
      { path: 'ci/more.rc', text: 'build --x', importedBy: 'ci/rc' },
    ]);
  });

  test('come once each, in a circle too', () => {
    const files = { a: 'import b\nimport c', b: 'import a\nimport c', c: '' };
    expect(reachedFrom(['a', 'a', 'c'], files).map((file) => file.path)).toEqual(['a', 'c', 'b']);
  });
});

describe('Checkout', () => {
  test('writes paths of the workspace relative to it, wherever they stand in options', () => {
    const checkout = new Checkout('/home/me/repo', '');
    expect(
      checkout.relative('import /home/me/repo/ci.rc\nbuild --a="/home/me/repo/x y",/home/me/repo/z'),
    ).toBe('import %workspace%/ci.rc\nbuild --a="%workspace%/x y",%workspace%/z');
  });

  test('writes paths of the repository relative to a workspace below its root', () => {
    const checkout = new Checkout('/home/me/repo', 'code/main');
    expect(checkout.workspaceFolder).toBe('/home/me/repo/code/main');
    expect(checkout.relative('import /home/me/repo/code/main/a /home/me/repo/b')).toBe(
      'import %workspace%/a %workspace%/../../b',
    );
  });

  test('leaves what only looks like a path of the checkout', () => {
    const text = '--a=/mnt/home/me/repo/x --b=/home/me/repository/x --c=/home/me/repo';
    expect(new Checkout('/home/me/repo', '').relative(text)).toBe(text);
  });
});
