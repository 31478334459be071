import { expect, test } from '@jest/globals';
import { textsInCode, withPlaceholders } from '../../../src/loading/externals/texts-of-code.js';

/** The texts of a source, unknown parts shown as `*`. */
function texts(source: string): string[] {
  return textsInCode(source).map(({ text }) => text.replaceAll('\0', '*'));
}

test.each<[string, readonly string[]]>([
  ['x = "a/b"', ['a/b']],
  ['x = "a" "b" + "c"', ['abc']],
  ['x = "//conf:" + name', ['//conf:*']],
  ['x = root + "/conf/a.json"', ['*/conf/a.json']],
  ['x = str(ctx.workspace_root) + "/conf/" + n[0] + ".json"', ['*/conf/*.json']],
  ['x = "//conf:%s.json" % name', ['//conf:*.json']],
  ['x = "%s/conf/" % root + "a.json"', ['*/conf/a.json']],
  ['x = "%(root)s/conf" % values', ['*/conf']],
  ['x = "{}/conf/{name}.json".format(root, name = "a")', ['*/conf/*.json', 'a']],
  ['x = "{root}/conf".format(**v).strip() + "/a"', ['*/conf/a']],
  ['x = "/".join(["conf", "a.json"])', ['/', '/', '*', 'conf', 'a.json']],
  ['x = "//conf:" + "".join(["a"]) + ".json"', ['', '', '//conf:*.json', 'a']],
  ['x = "//a:b //c:d".split(" ")', ['//a:b //c:d', '//a:b', '//c:d', '*', ' ']],
])('the texts of %j', (source, expected) => {
  expect(texts(source).sort()).toEqual([...expected].sort());
});

test('docstrings are no texts, and what stands in brackets is none', () => {
  expect(texts('"""About."""\ndef f():\n    """See //a:b."""\n    g("""\nthe text""")\n')).toEqual([
    '\nthe text',
  ]);
});

test('a text knows the keyword that it is the value of', () => {
  expect(textsInCode('f(path = ".", x)')).toEqual([{ text: '.', literal: '.', keyword: 'path' }]);
});

test('placeholders are those of format, of %, and of templates', () => {
  expect(withPlaceholders('%{A}/${B}/{c.d}/{0}/%s/%d/%workspace%/{"a": 1}').replaceAll('\0', '*')).toBe(
    '*/*/*/*/*/*/%workspace%/{"a": 1}',
  );
});

test('code that nothing closes has texts all the same', () => {
  expect(texts('x = "a" + f(["b", {')).toEqual(['a*', 'b']);
  expect(texts('x = "a" % ')).toEqual(['a']);
  expect(texts('x = "a".')).toContain('a');
});
