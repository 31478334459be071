import type { AspectCode, OptionsChange, Surroundings } from '../../../src/plan/everything/surroundings.js';
import { describe, expect, test } from '@jest/globals';
import type { ShownChange } from '../../../src/graph/change.js';
import { escalationOf } from '../../../src/plan/everything/escalation.js';
import type { CountedFiles, UnrecordedReads } from '../../../src/loading/externals/externals-record.js';
import type { ModuleInputs } from '../../../src/loading/externals/module-files.js';
import { OpenTexts } from '../../../src/loading/externals/open-texts.js';
import { NamedPaths } from '../../../src/loading/externals/named-paths.js';
import type { OwnCode } from '../../../src/loading/externals/own-code.js';
import { change, labels, repositoryPath, workspacePath } from '../../support/builders.js';

function named(...paths: readonly string[]): NamedPaths {
  return new NamedPaths(new Set(paths));
}

function moduleInputs(parts: Partial<ModuleInputs>): ModuleInputs {
  return {
    code: new Set(),
    named: named(),
    ownCode: null,
    labels: OpenTexts.of([]),
    repositories: new Set(),
    rulesUsed: new Set(),
    ...parts,
  };
}

const OWN_CODE: OwnCode = {
  path: workspacePath('ext/e.bzl'),
  names: OpenTexts.of(['known.txt']),
  lists: false,
  folders: paths('given'),
  givesRoot: false,
};

const NO_ASPECTS: AspectCode = { files: new Set(), elsewhere: [] };

function unrecorded(counts: CountedFiles): UnrecordedReads {
  return { kind: 'unrecorded', counts, failure: null };
}

const QUIET: Surroundings = {
  moduleInputs: moduleInputs({}),
  reads: unrecorded('named files'),
  otherFolders: false,
  rcFiles: new Set([workspacePath('.bazelrc')]),
  optionsChangedBy: new Map(),
  namedInOptions: new Set(),
  packagePaths: [],
  hidesUsablePackages: false,
  aspectCode: NO_ASPECTS,
  statusFiles: new Map(),
  texts: new Map(),
};

/** The reason why a change reaches everything, or null. */
function reason(changed: ShownChange, surroundings: Partial<Surroundings> = {}): string | null {
  return escalationOf([changed], [], { ...QUIET, ...surroundings })?.because.reason ?? null;
}

/** The same for a change of a text; null for a file that is not there. */
function edit(
  path: string,
  before: string | null,
  after: string | null,
  surroundings: Partial<Surroundings> = {},
): string | null {
  const status = before === null ? 'added' : after === null ? 'deleted' : 'modified';
  return reason(change(path, status), {
    ...surroundings,
    texts: new Map([[workspacePath(path), { before, after }]]),
  });
}

function paths(...names: readonly string[]) {
  return new Set(names.map(workspacePath));
}

test('an ordinary change reaches no further than its edges', () => {
  for (const path of ['a/main.go', 'README.md', 'a/BUILD', 'tools/x.bzl', 'a/tools/bazel', 'bazelrc.md']) {
    expect(reason(change(path))).toBeNull();
  }
});

describe('another version of Bazel', () => {
  test('reaches everything', () => {
    expect(edit('.bazelversion', '7.7.1\n', '8.0.0\n')).toMatch(/^\.bazelversion changed: another version/);
    expect(edit('.bazelversion', null, '8.0.0')).not.toBeNull();
    expect(edit('.bazelversion', '7.7.1', null)).not.toBeNull();
  });

  test('is none where only white space changed, or the file belongs to another folder', () => {
    expect(edit('.bazelversion', '7.7.1', '7.7.1\n')).toBeNull();
    expect(reason(change('examples/.bazelversion'))).toBeNull();
  });
});

describe('the option --package_path', () => {
  const packagePaths = ['%workspace%:%workspace%/alt'];

  test('lets every change reach everything, since labels do not say where files are', () => {
    expect(reason(change('alt/p/x.txt'), { packagePaths })).toBe(
      'alt/p/x.txt changed: with --package_path=%workspace%:%workspace%/alt, packages may lie at other paths than their labels say',
    );
    const outside = escalationOf([], [repositoryPath('beside/x.txt')], { ...QUIET, packagePaths });
    expect(outside?.because.change).toBe('beside/x.txt');
  });

  test('reaches nothing where nothing changed', () => {
    expect(escalationOf([], [], { ...QUIET, packagePaths })).toBeNull();
  });
});

describe('a file that the workspace status command may read', () => {
  const script = workspacePath('tools/status.sh');
  const statusFiles = new Map([
    [workspacePath('VERSION'), script],
    [workspacePath('conf/'), script],
    [workspacePath('../TOP'), script],
  ]);

  test('reaches everything, itself or in a folder', () => {
    for (const path of ['VERSION', 'conf/deep/x'])
      expect(reason(change(path), { statusFiles })).toContain('the workspace status command tools/status.sh');
    expect(reason(change('confx'), { statusFiles })).toBeNull();
  });

  test('makes every change outside of the workspace reach everything if it lies there', () => {
    expect(escalationOf([], [repositoryPath('x')], { ...QUIET, statusFiles })?.because.reason).toContain(
      '../TOP',
    );
  });
});

test('every change reaches everything if packages that can be used are hidden from //...', () => {
  expect(reason(change('x.txt'), { hidesUsablePackages: true })).toContain('traversal_ignore_directories');
  expect(escalationOf([], [], { ...QUIET, hidesUsablePackages: true })).toBeNull();
});

function optionsChangedBy(path: string, optionsChange: OptionsChange): Partial<Surroundings> {
  return { optionsChangedBy: new Map([[workspacePath(path), optionsChange]]) };
}

describe('an rc file', () => {
  const difference = 'bazel test has the option --x';

  test('reaches everything where it changes the options of the legs, and the reason says which', () => {
    expect(reason(change('ci/rc'), optionsChangedBy('ci/rc', { kind: 'difference', difference }))).toBe(
      'ci/rc changed: bazel test has the option --x',
    );
  });

  test.each(['only layout', 'harmless'] as const)('reaches nothing where its change is %s', (kind) => {
    expect(reason(change('ci/rc'), optionsChangedBy('ci/rc', { kind }))).toBeNull();
  });

  test('with other words is read by others than Bazel, too', () => {
    const harmless = optionsChangedBy('ci/rc', { kind: 'harmless' });
    expect(reason(change('ci/rc'), { ...harmless, namedInOptions: paths('ci/rc') })).not.toBeNull();
    const code = { moduleInputs: moduleInputs({ named: named('ci/rc') }) };
    expect(reason(change('ci/rc'), { ...harmless, ...code })).toContain('module files');
    const layout = optionsChangedBy('ci/rc', { kind: 'only layout' });
    expect(reason(change('ci/rc'), { ...layout, ...code })).toBeNull();
  });
});

describe('what options of Bazel name', () => {
  const surroundings = { namedInOptions: paths('status.sh', 'third_party/x', 'third_party/x/', 'ci') };

  test('reaches everything, as a file or as a folder', () => {
    expect(reason(change('status.sh'), surroundings)).toContain('options of Bazel name status.sh');
    expect(reason(change('third_party/x'), surroundings)).toContain('options of Bazel name third_party/x');
    expect(reason(change('third_party/x/a/b'), surroundings)).toContain(
      'options of Bazel name third_party/x',
    );
  });

  test('reaches nothing by a folder that only has the name of a value', () => {
    expect(reason(change('ci/README.md'), surroundings)).toBeNull();
    expect(reason(change('third_party/xy'), surroundings)).toBeNull();
  });

  test('reaches everything by any change outside the workspace, where it or an import leaves it', () => {
    const outside = [repositoryPath('common.rc')];
    for (const leaving of [{ rcFiles: paths('../common.rc') }, { namedInOptions: paths('../common.rc') }]) {
      expect(escalationOf([], outside, { ...QUIET, ...leaving })?.because.reason).toContain(
        '../common.rc, which leaves the workspace',
      );
    }
  });
});

describe('.gitattributes', () => {
  test('reaches everything where it makes other bytes of the same blobs', () => {
    expect(edit('.gitattributes', '', '*.sh text eol=crlf')).toContain('how git converts unchanged files');
    expect(edit('a/.gitattributes', '*.sh text', '*.sh -text')).not.toBeNull();
    expect(edit('.gitattributes', null, '*.bin filter=lfs diff=lfs merge=lfs -text')).not.toBeNull();
    expect(edit('.gitattributes', '[attr]x text', '[attr]x -text')).not.toBeNull();
    expect(edit('.gitattributes', '*.a custom', '*.b custom')).not.toBeNull();
    expect(escalationOf([], [repositoryPath('.gitattributes')], QUIET)).not.toBeNull();
  });

  test('reaches nothing where it only says how to show, merge or export files', () => {
    expect(
      edit('.gitattributes', '* text=auto', '* text=auto\n# dist\ndist/** linguist-generated=true -diff'),
    ).toBeNull();
    expect(edit('.gitattributes', null, 'docs export-ignore\nlock merge=ours')).toBeNull();
  });
});

describe('MODULE.bazel.lock', () => {
  test('reaches everything', () => {
    expect(edit('MODULE.bazel.lock', '{"a":1}', '{"a":2}')).toContain('external repositories may differ');
    expect(edit('MODULE.bazel.lock', null, '{}')).not.toBeNull();
    expect(edit('MODULE.bazel.lock', 'no json', 'no json!')).not.toBeNull();
  });

  test('reaches nothing by its layout', () => {
    expect(edit('MODULE.bazel.lock', '{"a":1}', '{\n  "a": 1\n}\n')).toBeNull();
  });
});

describe('module files', () => {
  test('reach everything by what they say, and nothing by comments and layout', () => {
    expect(edit('MODULE.bazel', 'module(name = "a")', 'module(name = "b")')).toContain('a module file');
    expect(edit('MODULE.bazel', 'module(name="a")', '# hello\nmodule(\n    name = "a"\n)\n')).toBeNull();
    expect(edit('WORKSPACE', '', '# hello\n')).toBeNull();
    expect(edit('WORKSPACE', null, '')).not.toBeNull();
  });

  test('reach everything through their code, and nothing by its comments', () => {
    const surroundings = { moduleInputs: moduleInputs({ code: paths('ext.bzl') }) };
    expect(edit('ext.bzl', 'x = 1', 'x = 2', surroundings)).toContain('code that module files use');
    expect(edit('ext.bzl', 'x = 1', 'x = 1 # one', surroundings)).toBeNull();
  });

  test('reach everything through files that they name, whatever their text', () => {
    const surroundings = { moduleInputs: moduleInputs({ named: named('go.mod', 'vendor') }) };
    expect(edit('go.mod', 'a', 'a ', surroundings)).toContain('module files name go.mod');
    expect(reason(change('vendor/x/y', 'deleted'), surroundings)).toContain('module files name vendor');
  });

  test('reach everything by any change outside the workspace, where they name one', () => {
    const leaving = { ...QUIET, moduleInputs: moduleInputs({ named: named('../shared') }) };
    const outside = [repositoryPath('shared/BUILD')];
    expect(escalationOf([], outside, leaving)).toEqual({
      kind: 'everything',
      because: {
        reason: 'shared/BUILD changed: module files name ../shared, which leaves the workspace',
        change: 'shared/BUILD',
      },
    });
    expect(escalationOf([], outside, QUIET)).toBeNull();
    expect(escalationOf([], [], leaving)).toBeNull();
  });
});

describe('a file that module files name, where it is recorded what external repositories read', () => {
  const inputs = moduleInputs({
    code: paths('ext/e.bzl'),
    named: named('conf', 'tools/list.txt'),
    labels: OpenTexts.of(['//conf:target.cc']),
  });
  const reads = new Map([
    [workspacePath('conf/read.json'), '1'],
    [workspacePath('vendor'), '2'],
  ]);
  const recorded: Partial<Surroundings> = {
    moduleInputs: inputs,
    reads: { kind: 'recorded', record: { deciding: '', reads } },
  };

  test.each(['conf/read.json', 'vendor/deep/file.txt'])('counts if it was read: %s', (path) => {
    expect(reason(change(path), recorded)).toContain('external repositories');
  });

  test.each(['conf/other.json', 'tools/list.txt'])('does not count if it was not: %s', (path) => {
    expect(reason(change(path), recorded)).toBeNull();
    expect(reason(change(path), { ...recorded, reads: unrecorded('named files') })).not.toBeNull();
  });

  test.each(['added', 'deleted', 'type changed'] as const)(
    'counts if it is %s, because code can look whether it is there',
    (status) => {
      expect(reason(change('conf/other.json', status), recorded)).not.toBeNull();
    },
  );

  describe.each([
    ['with code of the workspace', OWN_CODE],
    ['with code that lists folders', { ...OWN_CODE, lists: true }],
  ])('%s', (_what, ownCode) => {
    const own = { ...recorded, moduleInputs: { ...inputs, ownCode } };

    test('does not count if it is read by nobody', () => {
      expect(reason(change('any/file.txt'), own)).toBeNull();
      expect(reason(change('any/file.txt'), { ...own, reads: unrecorded('every file') })).toContain(
        'ext/e.bzl may read it',
      );
    });

    test('counts, with the reason, if every file may be read and that cannot be recorded', () => {
      const reads = { ...unrecorded('every file'), failure: 'it reads the whole workspace' };
      expect(reason(change('any/file.txt'), { ...own, reads })).toContain(
        'ext/e.bzl may read it: what it reads cannot be recorded: it reads the whole workspace',
      );
    });

    test('counts by its name where nothing can be recorded', () => {
      const unrecordable = { ...own, reads: unrecorded('findable files') };
      expect(reason(change('any/known.txt'), unrecordable)).toContain('ext/e.bzl may look for it');
      expect(reason(change('any/file.txt'), unrecordable) !== null).toBe(ownCode.lists);
      expect(reason(change('conf/target.cc'), unrecordable)).not.toBeNull();
    });

    test.each(['any/known.txt', 'given/deep/file.txt'])(
      'counts if it appears where code may look for it: %s',
      (path) => {
        expect(reason(change(path, 'added'), own)).toContain('ext/e.bzl may look for it');
        expect(reason(change(path, 'modified'), own)).toBeNull();
      },
    );

    test('counts if it appears elsewhere only if code lists folders, or may look for a new folder', () => {
      const lists = ownCode.lists;
      expect(reason(change('any/file.txt', 'added'), own) !== null).toBe(lists);
      expect(reason(change('any/BUILD', 'deleted'), own) !== null).toBe(lists);
      expect(reason(change('any/file.txt', 'added'), { ...own, otherFolders: true })).not.toBeNull();
    });

    test('counts if it is a symlink', () => {
      const link = { ...change('any/link'), modeBefore: '120000', modeAfter: '120000' };
      expect(reason(link, own)).not.toBeNull();
    });
  });

  test('counts if it is a symlink', () => {
    const link = { ...change('conf/link'), modeBefore: '120000', modeAfter: '120000' };
    expect(reason(link, recorded)).not.toBeNull();
  });

  test('counts if rules of another repository read it by convention', () => {
    const byConvention = { ...recorded, moduleInputs: { ...inputs, rulesUsed: new Set(['rules_go']) } };
    expect(reason(change('tools/go.mod'), byConvention)).toContain('a dependency manifest');
  });

  test('counts if it is a target to which a repository can have an edge', () => {
    expect(reason(change('conf/target.cc'), recorded)).not.toBeNull();
    const open = { ...inputs, labels: OpenTexts.of(['//other:\0.cc']) };
    expect(reason(change('other/x.cc'), { ...recorded, moduleInputs: open })).toContain('its label');
  });

  test.each(['ext/e.bzl', 'MODULE.bazel'])('counts if it decides what is read: %s', (path) => {
    expect(reason(change(path), recorded)).not.toBeNull();
  });
});

describe('a change that only external repositories can notice', () => {
  const named = moduleInputs({ code: paths('ext/e.bzl') });
  const kindOf = (changes: readonly ShownChange[], surroundings: Partial<Surroundings> = {}) =>
    escalationOf(changes, [], { ...QUIET, moduleInputs: named, ...surroundings });

  test('leaves open what it affects, and says whether the rules of repositories may read it', () => {
    expect(kindOf([change('MODULE.bazel'), change('MODULE.bazel.lock')])).toMatchObject({
      kind: 'externals',
      areRead: false,
    });
    expect(kindOf([change('MODULE.bazel'), change('ext/e.bzl')])).toMatchObject({
      kind: 'externals',
      areRead: true,
      because: { change: 'MODULE.bazel' },
    });
  });

  test('affects everything beside a change that does', () => {
    expect(kindOf([change('MODULE.bazel'), change('.bazeliskrc')])).toMatchObject({
      kind: 'everything',
      because: { change: '.bazeliskrc' },
    });
  });
});

describe('what else no package owns', () => {
  test.each(['tools/bazel', 'tools/bazel.bat', 'tools/bazel.ps1'])('%s reaches everything', (path) => {
    expect(reason(change(path))).toContain('it wraps every call of Bazel');
  });

  test('.bazeliskrc, which can name the version of Bazel, reaches everything', () => {
    expect(edit('.bazeliskrc', 'USE_BAZEL_VERSION=7.7.1', 'USE_BAZEL_VERSION=8.0.0')).not.toBeNull();
  });

  test('platform_mappings, which Bazel reads by default, reaches everything', () => {
    expect(reason(change('platform_mappings'))).not.toBeNull();
  });

  test('REPO.bazel reaches everything by what it says', () => {
    expect(edit('REPO.bazel', '', 'repo(features = ["x"])')).toContain('it gives every package its defaults');
    expect(edit('REPO.bazel', '', '# nothing')).toBeNull();
  });

  test('a file of a repository in the workspace that module files or options name reaches everything', () => {
    const surroundings = { moduleInputs: moduleInputs({ repositories: paths('mods/x') }) };
    expect(reason(change('mods/x/deep/BUILD'), surroundings)).toContain(
      'the repository mods/x, which the workspace uses',
    );
    expect(reason(change('mods/xy/BUILD'), surroundings)).toBeNull();
  });

  test('the code of an aspect that options turn on reaches everything, and no other .bzl file does', () => {
    const aspectCode = { ...NO_ASPECTS, files: paths('lint.bzl') };
    expect(reason(change('lint.bzl'), { aspectCode })).toContain('code of an aspect');
    expect(reason(change('other.bzl'), { aspectCode })).toBeNull();
    expect(edit('lint.bzl', 'x = 1', 'x = 2', { aspectCode })).toContain('code of an aspect');
    expect(edit('lint.bzl', 'x = 1', '"Doc."\nx = 1  # One.', { aspectCode })).toBeNull();
  });

  test('the code of an aspect affects everything also where external repositories may read it', () => {
    const aspectCode = { ...NO_ASPECTS, files: paths('lint.bzl', 'mods/x/lint.bzl') };
    const own = {
      aspectCode,
      moduleInputs: moduleInputs({
        ownCode: OWN_CODE,
        code: paths('lint.bzl'),
        repositories: paths('mods/x'),
      }),
      reads: unrecorded('every file'),
    };
    for (const path of ['lint.bzl', 'mods/x/lint.bzl'])
      expect(escalationOf([change(path)], [], { ...QUIET, ...own })?.kind).toBe('everything');
    expect(escalationOf([change('other.bzl')], [], { ...QUIET, ...own })?.kind).toBe('externals');
  });

  test('the code of an aspect is lost if a BUILD file around it appears or vanishes', () => {
    const aspectCode = { ...NO_ASPECTS, files: paths('tools/lint/lint.bzl') };
    for (const path of ['tools/lint/BUILD', 'tools/BUILD.bazel', 'BUILD'])
      for (const status of ['added', 'deleted'] as const)
        expect(reason(change(path, status), { aspectCode })).toContain('code of an aspect');
    expect(reason(change('tools/lint/BUILD'), { aspectCode })).toBeNull();
    expect(reason(change('tools/other/BUILD', 'added'), { aspectCode })).toBeNull();
  });

  test('a .bzl file that other repositories name may be code of an aspect of theirs', () => {
    const elsewhere = { ...NO_ASPECTS, elsewhere: labels('@rules//:lint.bzl') };
    const naming = { moduleInputs: moduleInputs({ labels: OpenTexts.of(['//:named.bzl']) }) };
    const of = (path: string, aspectCode: AspectCode) => reason(change(path), { ...naming, aspectCode });
    expect(of('named.bzl', elsewhere)).toContain('code of an aspect');
    expect(of('other.bzl', elsewhere)).toBeNull();
    expect(of('named.bzl', NO_ASPECTS)).toBeNull();
  });

  test('a name that is no UTF-8 reaches everything', () => {
    expect(reason(change('a/\uFFFD.txt'))).toContain('not valid UTF-8');
  });
});

test('of several changes the first that escalates is the reason, under the name that really changed', () => {
  const alias = { ...change('tools/bazel'), origin: repositoryPath('scripts/wrapper') };
  expect(escalationOf([change('a'), alias, change('tools/bazel.sh')], [], QUIET)).toEqual({
    kind: 'everything',
    because: {
      reason: 'scripts/wrapper changed: it wraps every call of Bazel',
      change: 'scripts/wrapper',
    },
  });
});

describe('a symlink or a submodule that changed', () => {
  const turned = change('cur', 'modified', { modeBefore: '120000', modeAfter: '120000' });
  const moved = change('cur', 'modified', { modeBefore: '160000', modeAfter: '160000' });

  test.each([
    [
      'external repositories may differ (module files name cur/foo)',
      moduleInputs({ named: named('cur/foo') }),
    ],
    [
      'external repositories may differ (code that module files use)',
      moduleInputs({ code: paths('cur/x.bzl') }),
    ],
  ])('reaches everything where module files name what lies behind it: %s', (why, inputs) => {
    expect(reason(turned, { moduleInputs: inputs })).toBe(`cur changed: ${why}`);
    expect(reason(moved, { moduleInputs: inputs })).toBe(`cur changed: ${why}`);
  });

  test('reaches everything where own code may find files behind it', () => {
    expect(reason(turned, { moduleInputs: moduleInputs({ ownCode: OWN_CODE }) })).toContain(
      'ext/e.bzl may read it',
    );
  });

  test('reaches everything where options name what lies behind it', () => {
    expect(reason(turned, { namedInOptions: paths('cur/mappings') })).toBe(
      'cur changed: options of Bazel name cur/mappings',
    );
    expect(reason(turned, { namedInOptions: paths('cur/mod', 'cur/mod/') })).toContain('cur/mod');
  });

  test('reaches everything where an rc file behind it says something else, and nothing where it says the same', () => {
    const rc = (optionsChange: OptionsChange): Partial<Surroundings> => ({
      rcFiles: paths('.bazelrc', 'cur/ci.rc'),
      ...optionsChangedBy('cur/ci.rc', optionsChange),
    });
    const difference = 'bazel test has the option --x';
    expect(reason(turned, rc({ kind: 'difference', difference }))).toBe(`cur changed: ${difference}`);
    expect(reason(turned, rc({ kind: 'harmless' }))).toBeNull();
  });

  test('reaches everything where Bazel is wrapped by something behind it', () => {
    expect(reason({ ...turned, path: workspacePath('tools') })).toContain('wraps every call');
  });

  test('reaches everything if code of an aspect that options turn on lies behind it', () => {
    const behind = (file: string) => reason(turned, { aspectCode: { ...NO_ASPECTS, files: paths(file) } });
    expect(behind(`${turned.path}/lint.bzl`)).toContain('code of an aspect');
    expect(behind(`${turned.path}ent/lint.bzl`)).toBeNull();
  });

  test('reaches nothing else', () => {
    const surroundings = { moduleInputs: moduleInputs({ named: named('current/foo', 'a/cur/foo', 'b') }) };
    expect(reason(turned, surroundings)).toBeNull();
    expect(reason(change('cur'), { moduleInputs: moduleInputs({ named: named('cur/foo') }) })).toBeNull();
  });
});
