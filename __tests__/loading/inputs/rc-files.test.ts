import { describe, expect, test } from '@jest/globals';
import { rcFilesFrom, type RcFile } from '../../../src/loading/inputs/rc-files.js';
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
