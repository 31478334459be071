import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  boundedSummary,
  code,
  details,
  fence,
  link,
  mermaidText,
  table,
  text,
} from '../../src/text/markdown.js';

describe('text', () => {
  test('shows Markdown and HTML as the characters that they are', () => {
    const shown = text('<b>a|b</b> `c` [d](e) *f* _g_ &amp; \\');
    expect(shown).not.toMatch(/[<>|`[\]*_\\]/);
    expect(shown).toContain('&#60;b&#62;a&#124;b');
    expect(shown).toContain('&#38;amp;');
  });

  test('holds one line whatever line ends come in', () => {
    expect(text('a\nb\r\nc\u2028d\te')).toBe('a b c d e');
  });

  test('drops ANSI sequences, control characters and bidirectional overrides', () => {
    expect(text('\u001b[31mred\u001b[0m\u0007\u202Etxt\u001b]8;;x\u0007y')).toBe('redtxty');
  });

  test('opens no list, heading or expression', () => {
    expect(text('- a')).toBe('&#45; a');
    expect(text('1. a')).toBe('1&#46; a');
    expect(text('# a')).toBe('&#35; a');
    expect(text('${{ secrets.x }}')).toBe('&#36;&#123;&#123; secrets.x &#125;&#125;');
  });

  test('never holds a character that Markdown or HTML reads as structure', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (untrusted) => {
        expect(text(untrusted).replace(/&#\d+;/g, '')).not.toMatch(/[<>"'|`*_[\]\\~$&\n\r]/);
      }),
    );
  });
});

test('code is inline code in HTML, so that a cell separator cannot end it', () => {
  expect(code('//a:b|c`d')).toBe('<code>//a:b&#124;c&#96;d</code>');
});

describe('fence', () => {
  test('is longer than any run of backticks in it', () => {
    expect(fence('a\n````\nb')).toBe('`````text\na\n````\nb\n`````');
  });

  test('cannot be closed by what it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', '\n', ' ', 'a', '\r', '\u2028') }), (untrusted) => {
        const lines = fence(untrusted).split('\n');
        const mark = (lines[0] ?? '').replace('text', '');
        expect(lines.slice(1).findIndex((line) => line.trim().startsWith(mark))).toBe(lines.length - 2);
      }),
    );
  });

  test('holds a long text with very many backticks', () => {
    expect(fence('`` '.repeat(500_000)).slice(0, 10)).toBe('```text\n``');
  });

  test('takes no more than a word as its language', () => {
    expect(fence('a', 'sh\n`x')).toBe('```shx\na\n```');
  });
});

test('a table keeps a row on its line', () => {
  expect(table(['a', 'b'], [['1', '2\n3']])).toBe('| a | b |\n| --- | --- |\n| 1 | 2 3 |');
});

test('details leave empty lines around their body, so that it is read as Markdown', () => {
  expect(details('s', '**b**')).toBe('<details>\n<summary>s</summary>\n\n**b**\n\n</details>');
});

describe('link', () => {
  test('links to http addresses only', () => {
    expect(link('a', 'https://example.com/x')).toBe('[a](https://example.com/x)');
    expect(link('a', 'javascript:alert(1)')).toBe('a');
    expect(link('a', null)).toBe('a');
  });

  test('cannot be closed by its address or its words', () => {
    expect(link('a](b', 'https://example.com/x)(y|z')).toBe('[a&#93;(b](https://example.com/x%29%28y%7cz)');
  });
});

describe('mermaidText', () => {
  test('keeps a label readable', () => {
    expect(mermaidText('test //a/b:c_test')).toBe('· test //a/b∶c_test');
    expect(mermaidText('//a/b:c_test')).toBe('//a/b∶c_test');
  });

  test('starts with no word of the grammar and holds none of its marks', () => {
    expect(mermaidText('section x:y;z%%{init}')).toBe('· section x∶y z init');
    expect(mermaidText('2026-01-01')).toBe('· 2026-01-01');
    expect(mermaidText('a\n```\nb')).toBe('· a b');
  });
});

describe('boundedSummary', () => {
  test('keeps everything that fits', () => {
    expect(boundedSummary(['a', 'b'], 100)).toBe('a\n\nb\n');
  });

  test('leaves out whole sections and says how many', () => {
    const summary = boundedSummary(['first', 'x'.repeat(500), 'last'], 200);
    expect(summary).toContain('first');
    expect(summary).toContain('last');
    expect(summary).toContain('1 of 3 sections left out');
    expect(summary).not.toContain('xxx');
  });

  test('never exceeds its bytes, counted as UTF-8', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 120, max: 400 }),
        (parts, max) => {
          expect(Buffer.byteLength(boundedSummary(parts, max))).toBeLessThanOrEqual(max);
        },
      ),
    );
  });
});
