import { describe, expect, test } from '@jest/globals';
import { SortedPaths } from '../../../src/loading/inputs/sorted-paths.js';
import { followLinks, MOST_LINKS, Symlinks, targetOfLink } from '../../../src/loading/inputs/symlinks.js';
import { workspacePath } from '../../support/builders.js';

type Links = Readonly<Record<string, string>>;

function textsOf(links: Links) {
  return new Map(Object.entries(links).map(([path, text]) => [workspacePath(path), text]));
}

/** The kind of what stands at a path and, behind symlinks, its own path. */
function resolved(
  path: string,
  files: readonly string[],
  links: Links = {},
  submodules: readonly string[] = [],
) {
  const paths = SortedPaths.of([...files, ...Object.keys(links), ...submodules].map(workspacePath));
  const symlinks = new Symlinks(paths, textsOf(links), new Set(submodules.map(workspacePath)));
  const { kind, path: found } = symlinks.resolve(path);
  return `${kind} ${found}`;
}

describe('the target of one symlink', () => {
  test.each([
    ['a/link', 'file', 'a/file'],
    ['a/link', './b//c/', 'a/b/c'],
    ['a/b/link', '../../x', 'x'],
    ['link', '.', ''],
    ['a/link', '..', ''],
  ])('of %s with %j is %j', (link, text, target) => {
    expect(targetOfLink(workspacePath(link), text)).toBe(target);
  });

  test.each([
    ['link', '..'],
    ['a/link', '../../x'],
    ['a/link', '/etc/passwd'],
  ])('of %s with %j lies outside', (link, text) => {
    expect(targetOfLink(workspacePath(link), text)).toBeNull();
  });
});

describe('a path', () => {
  test('leads to a file, to a folder or to nothing', () => {
    const files = ['a/b/file'];
    expect(resolved('a/b/file', files)).toBe('file a/b/file');
    expect(resolved('a/b', files)).toBe('folder a/b');
    expect(resolved('a/c', files)).toBe('missing a/c');
    expect(resolved('', files)).toBe('folder ');
  });

  test('is brought into its shortest form, with symlinks in the revision and without', () => {
    for (const links of [{}, { other: 'a' }])
      expect(resolved('./a//c/../file', ['a/file', 'a/c/x'], links)).toBe('file a/file');
  });

  test('leads through symlinks on its way and at its end', () => {
    const links = { first: 'second', second: 'real', 'real/last': '../x' };
    expect(resolved('first/file', ['real/file', 'x'], links)).toBe('file real/file');
    expect(resolved('first/last', ['real/file', 'x'], links)).toBe('file x');
  });

  test('goes up from the folder to which a symlink leads', () => {
    expect(resolved('link/../x', ['deep/x', 'deep/v1/y', 'x'], { link: 'deep/v1' })).toBe('file deep/x');
  });

  test('can leave the workspace', () => {
    expect(resolved('a/../../x', ['a/y'])).toBe('outside ../x');
    expect(resolved('link/x', [], { link: '/usr' })).toBe('outside /usr/x');
  });

  test('can lie in a submodule', () => {
    expect(resolved('link/x', [], { link: 'sub' }, ['sub'])).toBe('submodule sub/x');
    expect(resolved('sub', [], {}, ['sub'])).toBe('submodule sub');
  });

  test('leads to nothing in a circle of symlinks', () => {
    expect(resolved('a', [], { a: 'b', b: 'a' })).toMatch(/^missing/);
  });

  test('leads through as many symlinks as a system follows, and no further', () => {
    const chain = Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`l${at + 1}`, `l${at}`]));
    expect(resolved(`l${MOST_LINKS}`, ['l0'], chain)).toBe('file l0');
    expect(resolved(`l${MOST_LINKS + 1}`, ['l0'], chain)).toMatch(/^missing/);
  });

  test('says whether a symlink was on its way', () => {
    const texts = textsOf({ link: 'a' });
    expect(followLinks('a/x', texts)).toEqual({ kind: 'inside', path: 'a/x', throughLink: false });
    expect(followLinks('link/x', texts)).toEqual({ kind: 'inside', path: 'a/x', throughLink: true });
  });
});
