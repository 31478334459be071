import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Concealer } from '../../src/text/concealer.js';
import { tail } from '../../src/text/plain-text.js';

const KEY = `k3y/with+"quotes" & 'more' $and ü=`;
const LONG = 'QUJD'.repeat(60);
const LINES = [
  '-----BEGIN KEY-----',
  'first/line+of/the+key=',
  'second/line+of/the+key',
  '-----END KEY-----',
];

function conceal(text: string, ...secrets: readonly string[]): string {
  return new Concealer(secrets).conceal(text);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('a secret is hidden', () => {
  test.each([
    ['as it is', KEY],
    ['in base64', base64(KEY)],
    ['in base64 for addresses', Buffer.from(KEY).toString('base64url')],
    ['in an address', encodeURIComponent(KEY)],
    [
      'in an address, in small letters',
      encodeURIComponent(KEY).replace(/%../g, (escape) => escape.toLowerCase()),
    ],
    ['in a form', new URLSearchParams({ x: KEY }).toString().slice(2)],
    ['in JSON', JSON.stringify(KEY).slice(1, -1)],
    ['in JSON inside of JSON', JSON.stringify(JSON.stringify(KEY)).slice(3, -3)],
    ['in a word of a shell', KEY.replaceAll("'", String.raw`'\''`)],
    ['in markup', KEY.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
    ['in an address, as Python writes it', encodeURIComponent(KEY).replaceAll('%2F', '/')],
    ['in an address, each letter', [...Buffer.from(KEY)].map((byte) => `%${byte.toString(16)}`).join('')],
    ['in an address in an address', encodeURIComponent(encodeURIComponent(KEY))],
    ['in base64 in an address', encodeURIComponent(base64(KEY))],
    [
      'in JSON, as Go writes it',
      JSON.stringify(KEY)
        .slice(1, -1)
        .replaceAll('&', String.raw`\u0026`),
    ],
    [
      'in JSON, each letter',
      KEY.replace(/[^]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
    ],
    ['in JSON, in capitals', KEY.replace('ü', String.raw`\u00FC`).replaceAll('"', String.raw`\u0022`)],
    ['in markup by numbers', KEY.replace(/[^\w ]/g, (c) => `&#${c.charCodeAt(0)};`)],
    [
      'in markup by hexadecimal numbers',
      KEY.replace(/[^\w ]/g, (c) => `&#x${c.charCodeAt(0).toString(16)};`),
    ],
    ['with other white space', KEY.replaceAll(' ', '\r\n\t ')],
    ['a character a line', Array.from(KEY).join('\n')],
  ])('%s', (_, form) => {
    expect(conceal(`before ${form} after`, KEY)).toBe('before *** after');
  });

  test.each([0, 1, 2, 3, 4, 5])('in the base64 of a longer text, %i bytes into it', (before) => {
    const shown = conceal(base64(`${'u'.repeat(before)}${KEY}${'v'.repeat(before)}`), KEY);
    expect(shown).toContain('***');
    // What is left holds bits of the neighbours, and at most one whole byte of the secret.
    expect(shown.replace('***', '').length).toBeLessThanOrEqual(2 * (Math.ceil((before * 8) / 6) + 2));
  });

  test('in a key file that is one line of base64, and of JSON', () => {
    const file = JSON.stringify({
      type: 'service_account',
      private_key: `${LINES.join('\n')}\n`,
      client_secret: 'hunter2hunter2',
    });
    for (const secret of [file, base64(file), base64(JSON.stringify(JSON.parse(file), null, 2))]) {
      expect(conceal(`a ${LINES.join('\n')} b`, secret)).toBe('a *** b');
      expect(conceal(`a ${LINES[1] ?? ''} b`, secret)).toBe('a *** b');
      expect(conceal('a hunter2hunter2 b', secret)).toBe('a *** b');
      expect(conceal('a service_account b', secret)).toBe('a service_account b');
    }
  });

  test('wrapped, also where each line begins with something', () => {
    const wrapped = (columns: number, start: string): string =>
      LONG.replace(new RegExp(`.{1,${columns}}`, 'g'), (line) => `${start}${line}\n`);
    expect(conceal(wrapped(64, ''), LONG)).toBe('***\n');
    for (const columns of [64, 76])
      expect(conceal(wrapped(columns, 'log: '), LONG)).not.toContain('QUJDQUJD');
  });

  test.each(['\n', '\r\n'])('of several lines, given and printed with different ends (%j)', (end) => {
    const printed = LINES.join(end === '\n' ? '\r\n' : '\n');
    expect(conceal(`a ${printed} z`, LINES.join(end))).toBe('a *** z');
    expect(conceal(JSON.stringify(printed), LINES.join(end))).toBe('"***"');
    expect(conceal(base64(printed), LINES.join(end))).toBe('***');
  });

  test('line by line', () => {
    expect(conceal(`| ${LINES.join('\n| ')}`, LINES.join('\n'))).toBe('| ***\n| ***\n| ***\n| ***');
  });

  test('that is given in base64 and used as what it stands for', () => {
    expect(conceal(`using ${LINES.join('\n')}`, base64(LINES.join('\n')))).toBe('using ***');
    expect(conceal(`using ${LINES[1] ?? ''}`, LINES.join(String.raw`\n`))).toBe('using ***');
  });

  test('that overlaps another one', () => {
    expect(conceal('x abcdefghi y', 'abcdef', 'defghi')).toBe('x *** y');
    expect(conceal('x abcdefghi y', 'abcdefghi', 'cdefgh')).toBe('x *** y');
  });

  test('that a cut goes through', () => {
    const secret = 'A-very-secret-value';
    expect(conceal('secret-value and more', secret)).toBe('*** and more');
    expect(conceal('before A-very-sec', secret)).toBe('before ***');
    expect(conceal('before A-very-sec…', secret)).toBe('before ***…');
    expect(conceal('very-secret', secret)).toBe('***');
  });
});

describe('left as it is', () => {
  test.each(['', ' ', 'x', 'true', ' short '])('what is no secret: %j', (secret) => {
    expect(conceal('x is true and short', secret)).toBe('x is true and short');
  });

  test('a text without any', () => {
    expect(conceal('All targets passed.\n  indented\t…', KEY, LONG)).toBe(
      'All targets passed.\n  indented\t…',
    );
  });
});

test('no text shows a secret, wherever it stands and whatever is cut off afterwards', () => {
  const secret = fc.string({
    minLength: 8,
    maxLength: 40,
    unit: fc.constantFrom(...Array.from('abAB01+/= "%\\\n')),
  });
  const around = fc.string({ maxLength: 60, unit: fc.constantFrom(...Array.from('xyz \n')) });
  fc.assert(
    fc.property(secret, around, around, fc.nat(80), (value, before, after, start) => {
      fc.pre(value.trim().length >= 6);
      const text = `${before}${value}${after}`.slice(start);
      const shown = tail(conceal(text, value), 3, 50).replace(/\s/g, '');
      const squeezed = value.replace(/\s/g, '');
      for (let at = 0; at + 6 <= squeezed.length; at++)
        expect(shown).not.toContain(squeezed.slice(at, at + 6));
    }),
  );
});

test('hiding is quick in a long text', () => {
  const concealer = new Concealer([KEY, LONG, LINES.join('\n')]);
  const text = `${'a line of a log without a secret\n'.repeat(30_000)}${KEY}`;
  const started = performance.now();
  expect(concealer.conceal(text).endsWith('***')).toBe(true);
  expect(performance.now() - started).toBeLessThan(10_000);
});
