import { describe, expect, test } from '@jest/globals';
import type { WorkspacePath } from '../../../src/graph/label.js';
import { fingerprint } from '../../../src/loading/inputs/fingerprint.js';
import { recordOf } from '../../../src/loading/externals/externals-record.js';
import { loadingInputs } from '../../../src/loading/inputs/loading-inputs.js';
import { supplyTexts } from '../../../src/loading/inputs/texts.js';
import { workspacePath } from '../../support/builders.js';
import { loadingOf } from '../../support/random-edits/loading.js';
import { MemoryWorkspace } from '../../support/random-edits/memory-workspace.js';

const START = MemoryWorkspace.of({
  'MODULE.bazel': [
    'module(name = "own")',
    'pip = use_extension("//tools:pip.bzl", "pip")',
    'pip.parse(lock = "//third_party:locked.txt")',
    'local_path_override(module_name = "other", path = "third_party/plain")',
  ].join('\n'),
  '.bazelrc': '# options\ntry-import %workspace%/tools/ci.rc\nbuild --platforms=x\n',
  'tools/ci.rc': 'common --bes_header=file=tools/header.txt\n',
  'tools/header.txt': 'header',
  'tools/BUILD': '',
  'tools/pip.bzl': 'load(":more.bzl", "x")\nread("//tools:read.json")\nrctx.file("BUILD", "")\n',
  'tools/more.bzl': 'load(":sub/deep.bzl", "y")\nx = "data/more.json"',
  'tools/sub/deep.bzl': 'load(":deeper.bzl", "y")',
  'tools/deeper.bzl': '',
  'tools/read.json': '{}',
  'data/more.json': '{}',
  'third_party/locked.txt': 'a==1',
  'third_party/plain/lib/defs.bzl': 'y = 1',
  'a/BUILD': 'load("//a:defs.bzl", "z")',
  'a/defs.bzl': 'z = 1',
  'a/source.txt': 'text',
  'a/package.json': '{}',
  'nested/WORKSPACE': '',
  'nested/src/file.txt': 'text',
});

async function fingerprintOf(workspace: MemoryWorkspace, options: readonly string[] = []): Promise<string> {
  return fingerprint((await loadingOf(workspace)).inputs, options);
}

function edited(path: string): MemoryWorkspace {
  return START.withFiles({ [path]: `${START.text(path)}\nedited = 1\n` });
}

describe('the fingerprint', () => {
  test.each(['a/source.txt'])('stays when only %s is edited', async (path) => {
    expect(await fingerprintOf(edited(path))).toBe(await fingerprintOf(START));
  });

  test('stays when a source becomes executable', async () => {
    const executable = START.with('a/source.txt', { mode: '100755', text: 'text' });
    expect(await fingerprintOf(executable)).toBe(await fingerprintOf(START));
  });

  test.each<[string, string, string]>([
    [
      'a comment in MODULE.bazel',
      'MODULE.bazel',
      `# new\n\n${START.text('MODULE.bazel').replace('//third', '//third')}`,
    ],
    [
      'another layout of MODULE.bazel',
      'MODULE.bazel',
      START.text('MODULE.bazel').replace('"own"', '\n  "own"\n'),
    ],
    ['a comment in .bazelrc', '.bazelrc', `# new\n${START.text('.bazelrc')}`],
    ['a comment in a file that .bazelrc imports', 'tools/ci.rc', `${START.text('tools/ci.rc')}\n  # new\n`],
  ])('stays for %s', async (_what, path, text) => {
    expect(await fingerprintOf(START.withFiles({ [path]: text }))).toBe(await fingerprintOf(START));
  });

  test.each([
    'MODULE.bazel',
    '.bazelrc',
    'tools/ci.rc',
    'tools/header.txt',
    'tools/BUILD',
    'tools/pip.bzl',
    'tools/more.bzl',
    'tools/deeper.bzl',
    'tools/read.json',
    'data/more.json',
    'third_party/locked.txt',
    'third_party/plain/lib/defs.bzl',
    'a/BUILD',
    'a/defs.bzl',
    'a/package.json',
  ])('changes when %s is edited', async (path) => {
    expect(await fingerprintOf(edited(path))).not.toBe(await fingerprintOf(START));
  });

  test.each([
    'a/new.txt',
    '.bazelignore',
    '.bazelversion',
    'REPO.bazel',
    'WORKSPACE',
    'MODULE.bazel.lock',
    'tools/bazel',
    'tools/build_rules/prelude_bazel',
    '.gitattributes',
    'ci/bazelrc',
  ])('changes when %s appears', async (path) => {
    expect(await fingerprintOf(edited(path))).not.toBe(await fingerprintOf(START));
  });

  test.each<[string, MemoryWorkspace]>([
    ['a file is deleted', START.without('a/source.txt')],
    ['a file becomes a symlink', START.withLink('a/source.txt', 'defs.bzl')],
    ['a file becomes a submodule', START.with('a/source.txt', { mode: '160000', text: 'c0ffee' })],
    ['a file becomes a folder', START.withFiles({ 'a/source.txt/inner': '' })],
  ])('changes when %s', async (_what, workspace) => {
    expect(await fingerprintOf(workspace)).not.toBe(await fingerprintOf(START));
  });

  test('changes with the text of a symlink and with the commit of a submodule', async () => {
    const link = (text: string): Promise<string> => fingerprintOf(START.withLink('a/link', text));
    expect(await link('one')).not.toBe(await link('two'));
    const submodule = (commit: string): Promise<string> =>
      fingerprintOf(START.with('a/sub', { mode: '160000', text: commit }));
    expect(await submodule('c0ffee')).not.toBe(await submodule('c0ffef'));
  });

  test('changes with the text behind a symlinked BUILD file, .bzl file and rc file', async () => {
    const start = START.withFiles({ 'a/real.txt': 'one' });
    const behind = start.withFiles({ 'a/real.txt': 'two' });
    for (const [path, text] of [
      ['a/BUILD', 'real.txt'],
      ['a/defs.bzl', 'real.txt'],
      ['.bazelrc', 'a/real.txt'],
    ] as const) {
      expect(await fingerprintOf(behind.withLink(path, text))).not.toBe(
        await fingerprintOf(start.withLink(path, text)),
      );
    }
  });

  test('changes with the options', async () => {
    expect(await fingerprintOf(START, ['--config=ci'])).not.toBe(await fingerprintOf(START));
    expect(await fingerprintOf(START, ['a', 'b'])).not.toBe(await fingerprintOf(START, ['ab']));
  });

  test('does not depend on the order of the listing', async () => {
    const reversed = new MemoryWorkspace(new Map([...START.files].reverse()));
    expect(await fingerprintOf(reversed)).toBe(await fingerprintOf(START));
  });
});

describe('loading inputs', () => {
  test('what global files name reaches every package, and what no global file names does not', async () => {
    const { inputs } = await loadingOf(START);
    expect([...inputs.everywhere.keys()].sort()).toEqual([
      '.bazelrc',
      'MODULE.bazel',
      'a/package.json',
      'data/more.json',
      'nested/WORKSPACE',
      'third_party/locked.txt',
      'third_party/plain/lib/defs.bzl',
      'tools/ci.rc',
      'tools/deeper.bzl',
      'tools/header.txt',
      'tools/more.bzl',
      'tools/pip.bzl',
      'tools/read.json',
      'tools/sub/deep.bzl',
    ]);
  });

  test('a .bzl file that code writes a load of reaches every package', async () => {
    const code = 'ctx.file("d.bzl", "\\nload(\'@@//a:defs.bzl\', \'z\')\\n")';
    const { inputs } = await loadingOf(START.withFiles({ 'tools/pip.bzl': code }));
    expect(inputs.everywhere.has('a/defs.bzl' as WorkspacePath)).toBe(true);
    expect(inputs.everywhere.has('a/source.txt' as WorkspacePath)).toBe(false);
  });

  test('a file reaches every package that is named by a path through a symlink', async () => {
    const code = 'FILE = Label("//a:link/x")';
    const workspace = START.withFiles({ 'tools/pip.bzl': code, 'lib/x': 'x' }).withLink('a/link', '../lib');
    const { inputs } = await loadingOf(workspace);
    expect(inputs.everywhere.has('lib/x' as WorkspacePath)).toBe(true);
  });

  test('all files reach every package if code of the workspace can read them', async () => {
    const { inputs } = await loadingOf(
      START.withFiles({ 'tools/pip.bzl': 'def _e(ctx): ctx.read(ctx.file)' }),
    );
    expect([...inputs.everywhere.keys()].sort()).toEqual([...START.files.keys()].sort());
  });

  test('a file of a repository in a folder counts if something names the folder', async () => {
    const used = 'module(name = "own")\nlocal_path_override(module_name = "n", path = "nested")';
    const { inputs } = await loadingOf(START.withFiles({ 'MODULE.bazel': used }));
    expect([...inputs.everywhere.keys()]).toContain('nested/src/file.txt');
  });

  test('a .bzl file that a module in a folder loads reaches every package', async () => {
    const files = { 'nested/BUILD': 'load("@own//a:defs.bzl", "z")', 'a/defs.bzl': 'load(":more.bzl", "z")' };
    const used = 'module(name = "own")\nlocal_path_override(module_name = "n", path = "nested")';
    const { inputs } = await loadingOf(START.withFiles({ ...files, 'a/more.bzl': '', 'MODULE.bazel': used }));
    for (const path of ['a/defs.bzl', 'a/more.bzl'])
      expect(inputs.everywhere.has(path as WorkspacePath)).toBe(true);
    const unused = await loadingOf(START.withFiles(files));
    expect(unused.inputs.everywhere.has('a/defs.bzl' as WorkspacePath)).toBe(false);
  });

  test('a root BUILD file is not global because a repository rule writes one', async () => {
    const { inputs } = await loadingOf(START.withFiles({ BUILD: '' }));
    expect([...inputs.everywhere.keys()]).not.toContain('BUILD');
  });

  test.each([
    ['build --vendor_dir=a', true],
    ['common --override_module=other=a', true],
    ['a --flag=a', false],
    ['build --flag=a/', true],
  ])('the .bzl files of a folder that .bazelrc names: %s', async (line, named) => {
    const { inputs } = await loadingOf(START.withFiles({ '.bazelrc': line }));
    expect(inputs.everywhere.has('a/defs.bzl' as WorkspacePath)).toBe(named);
  });

  test('with --package_path, packages may come from anywhere', async () => {
    const { inputs } = await loadingOf(
      START.withFiles({ '.bazelrc': 'build --package_path=%workspace%:/other' }),
    );
    expect(inputs.gaps).toEqual([expect.stringContaining('--package_path')]);
  });

  test.each(['/usr/bin/python3', '../../outside', '../..'])(
    'a symlink to %s is more than git can tell',
    async (text) => {
      const { inputs } = await loadingOf(START.withLink('a/link', text));
      expect(inputs.gaps).toEqual([expect.stringContaining('a/link')]);
    },
  );

  test.each([
    ['import "%workspace%/ci/my options"', 'ci/my options'],
    ['import \\\n%workspace%/ci/opts', 'ci/opts'],
    ['import %workspace%/ci/a\\ b', 'ci/a b'],
    ['import %workspace%//ci/opts', 'ci/opts'],
    ['build --bes_header="file=ci/my options"', 'ci/my options'],
    ['build --bes_header=file=ci/\\\nopts', 'ci/opts'],
  ])('%j in .bazelrc is followed to its file', async (line, path) => {
    const before = START.withFiles({ '.bazelrc': line, [path]: 'common --a' });
    const after = before.withFiles({ [path]: 'common --b' });
    expect(await fingerprintOf(after)).not.toBe(await fingerprintOf(before));
  });

  test('an import is an rc file, whose comments do not count', async () => {
    const before = START.withFiles({ '.bazelrc': 'import "%workspace%/ci/my options"', 'ci/my options': '' });
    const after = before.withFiles({ 'ci/my options': '# why\n' });
    expect(await fingerprintOf(after)).toBe(await fingerprintOf(before));
  });

  test.each(['ci/bazelrc', 'tools/bazel.rc'])(
    '%s is an rc file, whose comments do not count',
    async (path) => {
      const before = START.withFiles({ [path]: 'common --a' });
      expect(await fingerprintOf(before.withFiles({ [path]: 'common --b' }))).not.toBe(
        await fingerprintOf(before),
      );
      expect(await fingerprintOf(before.withFiles({ [path]: '# why\ncommon --a' }))).toBe(
        await fingerprintOf(before),
      );
    },
  );

  test('an import that leads to a file of the repository outside the workspace is followed', async () => {
    const throughLink = START.withFiles({ '.bazelrc': 'import %workspace%/ci/opts' }).withLink(
      'ci/opts',
      '../../common.rc',
    );
    const direct = START.withFiles({ '.bazelrc': 'import %workspace%/../common.rc' });
    for (const workspace of [throughLink, direct]) {
      const { inputs } = await supplyTexts(
        loadingInputs(workspace.listing(), undefined, () => ({ kind: 'file', objectId: 'c0ffee' })),
        async (ids) => {
          const texts = await workspace.read(ids.filter((id) => id !== 'c0ffee'));
          return new Map([...texts, ['c0ffee', 'import %workspace%/a/source.txt']]);
        },
      );
      expect(inputs.gaps).toEqual([]);
      expect([...inputs.everywhere.keys()]).toEqual(expect.arrayContaining(['../common.rc', 'a/source.txt']));
    }
  });

  test('an import through a symlink that leads out of the repository is a gap', async () => {
    const away = START.withFiles({ '.bazelrc': 'import %workspace%/ci/opts' }).withLink('ci', '../common');
    const { inputs } = await loadingOf(away);
    expect(inputs.gaps).toContainEqual(expect.stringContaining('imports ci/opts'));
  });

  test('an import of what is no part of the repository, or of nothing, is no input of the revision', async () => {
    for (const kind of ['unknown', 'missing'] as const) {
      const direct = START.withFiles({ '.bazelrc': 'try-import %workspace%/../common.rc\nimport /etc/rc' });
      const { inputs } = await supplyTexts(
        loadingInputs(direct.listing(), undefined, () => ({ kind })),
        direct.read,
      );
      expect(inputs.gaps).toEqual([]);
    }
  });

  test('a symlink to a file that the repository has outside the workspace is known', async () => {
    const workspace = START.withLink('a/link', '../../LICENSE').withLink('a/BUILD', '../../LICENSE');
    const looked: string[] = [];
    const computation = loadingInputs(workspace.listing(), undefined, (path) => {
      looked.push(path);
      return { kind: 'file', objectId: 'c0ffee' };
    });
    const {
      inputs: { gaps },
    } = await supplyTexts(computation, workspace.read);
    expect(looked).toEqual(['../LICENSE', '../LICENSE']);
    expect(gaps).toEqual([expect.stringContaining('a/BUILD')]);
  });

  test('symlinks inside the workspace are known, in a loop too', async () => {
    const { inputs } = await loadingOf(
      START.withLink('a/one', 'two').withLink('a/two', 'one').withLink('b', 'a/defs.bzl'),
    );
    expect(inputs.gaps).toEqual([]);
  });

  test('a text that is no UTF-8 counts by its object id', async () => {
    const one = await loadingOf(START.withFiles({ 'MODULE.bazel': 'module(name = "\uFFFD") # one' }));
    const two = await loadingOf(START.withFiles({ 'MODULE.bazel': 'module(name = "\uFFFD") # two' }));
    expect(fingerprint(one.inputs, [])).not.toBe(fingerprint(two.inputs, []));
  });
});

describe('files that reach packages by way of external repositories alone', () => {
  async function areBehind(workspace: MemoryWorkspace): Promise<string[]> {
    const { behindExternals } = await supplyTexts(loadingInputs(workspace.listing()), workspace.read);
    return [...behindExternals].sort();
  }

  test('are module files, what code of module files reads, and manifests', async () => {
    expect(await areBehind(START)).toEqual([
      'MODULE.bazel',
      'a/package.json',
      'data/more.json',
      'third_party/locked.txt',
      'third_party/plain/lib/defs.bzl',
      'tools/deeper.bzl',
      'tools/more.bzl',
      'tools/pip.bzl',
      'tools/read.json',
      'tools/sub/deep.bzl',
    ]);
  });

  test.each<[string, MemoryWorkspace]>([
    ['an option names them', START.withFiles({ '.bazelrc': 'build --flag=//third_party:locked.txt\n' })],
    [
      'an rc file is the same file',
      START.with('x.bazelrc', { mode: '120000', text: 'third_party/locked.txt' }),
    ],
    ['REPO.bazel names them', START.withFiles({ 'REPO.bazel': 'x("//third_party:locked.txt")' })],
  ])('are not those that reach packages in another way: %s', async (_why, workspace) => {
    expect(await areBehind(workspace)).not.toContain('third_party/locked.txt');
  });

  test('is no manifest that rc files import, or that a wrapper of Bazel is a link to', async () => {
    const behind = await areBehind(
      START.withFiles({ '.bazelrc': 'import %workspace%/a/package.json\n', 'setup.py': '' }).with(
        'tools/bazel',
        {
          mode: '120000',
          text: '../setup.py',
        },
      ),
    );
    expect(behind).not.toContain('a/package.json');
    expect(behind).not.toContain('setup.py');
  });

  test('are .bzl files, too, that code of a repository in a folder loads, and that these load', async () => {
    const behind = await areBehind(
      START.withFiles({
        'third_party/plain/lib/defs.bzl': 'load("@//lib:helpers.bzl", "y")',
        'lib/helpers.bzl': 'load(":more.bzl", "y")',
        'lib/more.bzl': '',
        'lib/BUILD': '',
      }),
    );
    expect(behind).toEqual(expect.arrayContaining(['lib/helpers.bzl', 'lib/more.bzl']));
  });

  test('no WORKSPACE file, because its name tells what the folder of a label is', async () => {
    expect(await areBehind(START.withFiles({ WORKSPACE: '' }))).not.toContain('WORKSPACE');
  });
});

describe('where it is recorded what external repositories read', () => {
  const NAMING = START.withFiles({ 'conf/a.json': 'a', 'conf/b.json': 'b', 'hidden/c.txt': 'c' }).withFiles({
    'MODULE.bazel': `${START.text('MODULE.bazel')}\npip.parse(folder = "conf")`,
  });

  async function recordedFingerprint(
    workspace: MemoryWorkspace,
    reads: readonly string[],
  ): Promise<{ readonly digest: string; readonly isRecorded: boolean }> {
    const made = await supplyTexts(loadingInputs(NAMING.listing()), NAMING.read);
    const record = recordOf(made.deciding, reads.map(workspacePath), made.entries);
    const read = await supplyTexts(
      loadingInputs(workspace.listing(), { records: [record], recording: 'possible' }),
      workspace.read,
    );
    return {
      digest: fingerprint(read.inputs, []),
      isRecorded: read.reads.kind === 'recorded' && read.reads.record === record,
    };
  }

  test('the fingerprint stays when only a file is edited that module files name, but nothing reads', async () => {
    const before = await recordedFingerprint(NAMING, ['conf/a.json']);
    const after = await recordedFingerprint(NAMING.withFiles({ 'conf/b.json': 'new' }), ['conf/a.json']);
    expect(before.isRecorded).toBe(true);
    expect(after).toEqual(before);
  });

  test.each([
    ['that was read', { 'conf/a.json': 'new' }],
    ['that was read although no text names it', { 'hidden/c.txt': 'new' }],
    ['that decides what is read', { 'MODULE.bazel': 'module(name = "own")' }],
  ])('the fingerprint changes, and the record does not hold, when a file is edited %s', async (_, edit) => {
    const reads = ['conf/a.json', 'hidden/c.txt'];
    const before = await recordedFingerprint(NAMING, reads);
    const after = await recordedFingerprint(NAMING.withFiles(edit), reads);
    expect(after.isRecorded).toBe(false);
    expect(after.digest).not.toBe(before.digest);
  });

  test.each<[string, MemoryWorkspace]>([
    ['appears that module files name', NAMING.withFiles({ 'conf/new.json': '' })],
    ['vanishes that module files name', NAMING.without('conf/b.json')],
    ['appears as a symlink', NAMING.withLink('a/link', 'source.txt')],
  ])(
    'the record does not hold where a file %s, because code can look for it and read it',
    async (_, workspace) => {
      expect((await recordedFingerprint(workspace, ['conf/a.json'])).isRecorded).toBe(false);
    },
  );

  test('the record holds where another file appears', async () => {
    const workspace = NAMING.withFiles({ 'a/other.txt': '' });
    expect((await recordedFingerprint(workspace, ['conf/a.json'])).isRecorded).toBe(true);
  });

  describe('with code of the workspace that reads files', () => {
    const OWN = NAMING.withFiles({
      'tools/pip.bzl': 'def _e(ctx): ctx.read(Label("//conf:a.json")), f("other.txt"), f("sub")',
    });

    async function isRecordedFor(workspace: MemoryWorkspace): Promise<boolean> {
      const made = await supplyTexts(loadingInputs(OWN.listing()), OWN.read);
      const record = recordOf(made.deciding, [workspacePath('conf/a.json')], made.entries);
      const known = { records: [record], recording: 'possible' } as const;
      return (
        (await supplyTexts(loadingInputs(workspace.listing(), known), workspace.read)).reads.kind ===
        'recorded'
      );
    }

    test('the record holds where a file is edited or appears for which no code looks', async () => {
      expect(await isRecordedFor(OWN.withFiles({ 'a/source.txt': 'new', 'a/fresh.txt': '' }))).toBe(true);
    });

    test.each(['a/other.txt', 'a/sub/fresh.txt', 'conf/fresh.json'])(
      'the record does not hold where code can find something that appears: %s',
      async (path) => {
        expect(await isRecordedFor(OWN.withFiles({ [path]: '' }))).toBe(false);
      },
    );

    test('files count that code can find by its texts, where nothing can be recorded', async () => {
      const workspace = OWN.withFiles({ 'a/other.txt': '' });
      const known = { records: [], recording: 'impossible' } as const;
      const { inputs } = await supplyTexts(loadingInputs(workspace.listing(), known), workspace.read);
      expect(inputs.everywhere.has('a/other.txt' as WorkspacePath)).toBe(true);
      expect(inputs.everywhere.has('a/source.txt' as WorkspacePath)).toBe(false);
    });

    test('the same files count if it was tried in vain to record what is read', async () => {
      const { deciding } = await supplyTexts(loadingInputs(OWN.listing()), OWN.read);
      const known = { records: [{ deciding, reads: null, why: 'no way' }], recording: 'possible' } as const;
      const read = await supplyTexts(loadingInputs(OWN.listing(), known), OWN.read);
      expect(read.reads).toEqual({ kind: 'unrecorded', counts: 'findable files', failure: 'no way' });
      expect(read.inputs.everywhere.has('a/source.txt' as WorkspacePath)).toBe(false);
    });
  });

  test('a named file that appears counts, because code can look whether it is there', async () => {
    const inputsOf = async (workspace: MemoryWorkspace) => {
      const made = await supplyTexts(loadingInputs(NAMING.listing()), NAMING.read);
      const record = recordOf(made.deciding, [], made.entries);
      return (
        await supplyTexts(
          loadingInputs(workspace.listing(), { records: [record], recording: 'possible' }),
          workspace.read,
        )
      ).inputs;
    };
    const { everywhere } = await inputsOf(NAMING.withFiles({ 'conf/new.json': '' }));
    expect(everywhere.has('conf/new.json' as WorkspacePath)).toBe(true);
    expect((await inputsOf(NAMING)).everywhere.has('conf/new.json' as WorkspacePath)).toBe(false);
  });
});
