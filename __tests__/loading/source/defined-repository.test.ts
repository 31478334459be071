import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { definedRepository } from '../../../src/loading/source/defined-repository.js';
import type { CodeOfRule } from '../../../src/loading/source/rule-code.js';
import type { ExternalRepository } from '../../../src/loading/externals/external-repositories.js';
import { canonical } from '../../support/externals.js';
import { writeFiles } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

interface Definition {
  /** The attributes, as Bazel prints them. */
  readonly attributes?: string;
  readonly rule?: string;
  /** Null for a rule that is part of Bazel. */
  readonly code?: Partial<CodeOfRule> | null;
  readonly localPath?: string | null;
  readonly ruleFile?: string;
  readonly folders?: { readonly workspace: string; readonly externalFolder: string };
}

const FOLDERS = { workspace: '/work/ws', externalFolder: '/work/ob/external' };

function repositoryOf({
  attributes = '',
  rule = 'made',
  code = {},
  ...rest
}: Definition): ExternalRepository {
  const whole: CodeOfRule = {
    repositories: new Set([canonical('rules~')]),
    digest: 'code',
    findsWorkspace: false,
    namesMain: false,
    namesModuleFiles: false,
    ...code,
  };
  return definedRepository(
    {
      name: canonical('made~'),
      call: `${rule}(\n  name = "made~",\n${attributes})\n`,
      ruleFile: code === null ? null : (rest.ruleFile ?? '/work/ob/external/rules~/x.bzl'),
      localPath: rest.localPath ?? null,
    },
    { codeOf: () => whole, mayListFiles: (text) => text.includes('listing.bzl') },
    rest.folders ?? FOLDERS,
  );
}

describe('a repository may read files of the main one', () => {
  test.each([
    'file = "//conf:a.txt",',
    'file = "@@//conf:a.txt",',
    'file = Label("@@//conf:a.txt"),',
    'text = "@//conf:a.txt",',
    'files = ["@@one~//:x", "//conf:a.txt"],',
    'by_label = {"//conf:a.txt": "A"},',
    'to_label = {"a": "@@//conf:a.txt"},',
    'path = "/work/ws/conf/a.txt",',
    'urls = ["file:///work/ws/archives/a.tgz"],',
  ])('if an attribute names one: %s', (attribute) => {
    expect(repositoryOf({ attributes: `  ${attribute}\n` }).readsMain).toBe(true);
  });

  test('if its code is there, names it, or looks for the workspace', () => {
    expect(repositoryOf({ code: { repositories: new Set([canonical('')]) } }).readsMain).toBe(true);
    expect(repositoryOf({ code: { findsWorkspace: true } }).readsMain).toBe(true);
  });

  test('and sees it without reading it, if its code only writes labels of it', () => {
    const code = { repositories: new Set<never>(), namesMain: true };
    expect(repositoryOf({ code })).toMatchObject({ readsMain: false, sees: [''] });
  });

  test('and does not otherwise', () => {
    const attributes = '  file = "@@one~//:x",\n  url = "https://example.org//a",\n';
    expect(repositoryOf({ attributes }).readsMain).toBe(false);
    const ofItself = '  build_file_content = "x(visibility = [\\"//visibility:public\\"], y = \'//:y\')",\n';
    expect(repositoryOf({ attributes: ofItself })).toMatchObject({ readsMain: false, sees: [] });
    expect(repositoryOf({ code: null, rule: 'local_repository' }).readsMain).toBe(false);
  });
});

describe('a repository reads and sees', () => {
  test('those that its attributes name in lists and dicts, also as newer Bazels write labels', () => {
    const attributes =
      '  files = ["@@one~//:x"],\n  by_label = {"@@two~//:x": "A"},\n  to = {"b": Label("@@three+//:x")},\n';
    const { reads, sees } = repositoryOf({ attributes });
    expect([...reads].sort()).toEqual(['one~', 'rules~', 'three+', 'two~']);
    expect([...sees].sort()).toEqual(['one~', 'three+', 'two~']);
  });

  test('those that the text of its BUILD file names', () => {
    const attributes = '  build_file_content = "filegroup(srcs = [\\"@@one~//:x\\", \'@@two~//:y\'])\\n",\n';
    expect(repositoryOf({ attributes }).sees).toEqual(['one~', 'two~']);
    for (const label of ['\\"@//:x\\"', "'@@//:x'"])
      expect(repositoryOf({ attributes: `  build_file_content = "x(${label})",\n` }).sees).toEqual(['']);
  });

  test('all whose code makes it', () => {
    const repositories = new Set(['rules~', 'helpers~', ''].map(canonical));
    expect(repositoryOf({ code: { repositories } }).reads).toEqual(['rules~', 'helpers~']);
  });
});

describe('the definition of a repository', () => {
  const { definition } = repositoryOf({ attributes: '  path = "/work/ws/conf/a.txt",\n' });

  test('is the same in another folder', () => {
    const folders = { workspace: '/other', externalFolder: '/elsewhere/external' };
    expect(repositoryOf({ attributes: '  path = "/other/conf/a.txt",\n', folders }).definition).toBe(
      definition,
    );
  });

  test('changes with an attribute, the rule and its code', () => {
    const others: readonly Definition[] = [
      { attributes: '  path = "/work/ws/conf/b.txt",\n' },
      { attributes: '  path = "/work/ws/conf/a.txt",\n', rule: 'other' },
      { attributes: '  path = "/work/ws/conf/a.txt",\n', code: { digest: 'other' } },
      { attributes: '  path = "/work/ws/conf/a.txt",\n', code: null },
    ];
    for (const other of others) expect(repositoryOf(other).definition).not.toBe(definition);
  });
});

test.each([
  ['mods/one', 'mods/one'],
  ['./mods/../mods/two/', 'mods/two'],
  ['/work/ws/mods/over', 'mods/over'],
  ['.', ''],
  ['/work/ws', ''],
  ['..data/one', '..data/one'],
  ['../outside', null],
  ['..', null],
  ['/work/ws2', null],
  ['/usr/share/bazel/embedded_tools', null],
])('a local repository at %s shows the folder %s of the workspace', (localPath, folder) => {
  expect(repositoryOf({ localPath, code: null }).localFolder).toBe(folder);
});

describe('an archive with a BUILD file of another repository', () => {
  let temporary: TemporaryFolder;

  beforeEach(() => {
    temporary = new TemporaryFolder();
    writeFiles(temporary.path, {
      'ws/third/sdk.BUILD': 'exports_files(["main"])\n',
      'external/rules~/deep/sdk.BUILD': 'exports_files(["rules"])\n',
      'external/rules~/listing.BUILD': 'load("//:listing.bzl", "all")\n',
    });
  });

  afterEach(() => {
    temporary.remove();
  });

  test.each([
    ['@@//third:sdk.BUILD', 'exports_files(["main"])\n'],
    ['@@rules~//deep:sdk.BUILD', 'exports_files(["rules"])\n'],
    ['@@rules~//:listing.BUILD', undefined],
    ['@@rules~//:lost.BUILD', undefined],
    ['@@lost~//:sdk.BUILD', undefined],
  ])('has a stand-in if the file can be read, and loads nothing that lists files: %s', (label, text) => {
    const { standIn } = repositoryOf({
      rule: 'http_archive',
      ruleFile: '@@bazel_tools//tools/build_defs/repo:http.bzl',
      attributes: `  build_file = "${label}",\n`,
      folders: { workspace: temporary.join('ws'), externalFolder: temporary.join('external') },
    });
    expect(standIn?.get('BUILD.bazel')).toBe(text);
  });
});

test('the files of the main repository that labels in attributes name are known', () => {
  const attributes =
    '  file = "@@//conf:a.json",\n  files = ["//:b.txt", "@@other~//:c"],\n  text = "x//y:z",\n';
  expect(repositoryOf({ attributes }).namedFiles).toEqual(['conf/a.json', 'b.txt']);
});
