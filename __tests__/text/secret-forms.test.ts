import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formsOf, isSecret, plainFormsOf, SHORTEST_SECRET } from '../../src/text/secret-forms.js';

const KEY = `k3y/with+"quotes" & 'more' $and ü=`;
const LINES = ['-----BEGIN KEY-----', 'first/line+of/the+key=', 'second/line+of/the+key'];

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

test('a text is a secret from the shortest length on, without the white space around it', () => {
  expect(isSecret('x'.repeat(SHORTEST_SECRET))).toBe(true);
  expect(isSecret('x'.repeat(SHORTEST_SECRET - 1))).toBe(false);
  expect(isSecret(` ${'x'.repeat(SHORTEST_SECRET - 1)}\n`)).toBe(false);
});

test.each(['', 'true', '  short  '])('a text that is too short has no forms: %j', (text) => {
  expect(formsOf(text)).toEqual([]);
  expect(plainFormsOf(text)).toEqual([]);
});

test.each([
  ['itself', KEY],
  ['its base64', base64(KEY)],
  ['its base64 without padding', base64(KEY).replace(/=+$/, '')],
  ['its base64 inside a longer text', base64(`x${KEY}`).slice(2)],
  ['its encoding in an address', encodeURIComponent(KEY)],
  ['its text in a JSON string', JSON.stringify(KEY).slice(1, -1)],
  ['its text in a quoted word of a shell', KEY.replaceAll("'", String.raw`'\''`)],
  ['its text in markup', KEY.replaceAll('&', '&amp;').replaceAll('"', '&quot;')],
])('the forms of a secret include %s', (_, form) => {
  expect(formsOf(KEY)).toContain(form);
});

test('the base64 of a secret is also written in the alphabet for addresses', () => {
  expect(formsOf('>>>???secret')).toEqual(expect.arrayContaining(['Pj4+Pz8/c2VjcmV0', 'Pj4-Pz8_c2VjcmV0']));
});

test('the plain forms are the secret and its base64, and no escapes', () => {
  const forms = plainFormsOf(KEY);
  expect(forms).toEqual(expect.arrayContaining([KEY, base64(KEY)]));
  expect(forms).not.toContain(encodeURIComponent(KEY));
  expect(formsOf(KEY)).toEqual(expect.arrayContaining(forms));
});

test.each(['\n', '\r\n', '\r'])(
  'the lines of a secret with the ends %j are secrets, if long enough',
  (end) => {
    const secret = ['{', ...LINES, ''].join(end);
    for (const forms of [formsOf(secret), plainFormsOf(secret)]) {
      expect(forms).toEqual(expect.arrayContaining([...LINES, ...LINES.map(base64), secret.trim()]));
      expect(forms).not.toContain('{');
    }
  },
);

test('a secret is encoded with both kinds of line ends, whichever it has', () => {
  for (const end of ['\n', '\r\n'])
    expect(formsOf(LINES.join(end))).toEqual(
      expect.arrayContaining([base64(LINES.join('\n')), base64(LINES.join('\r\n'))]),
    );
});

test('a secret that is base64 or has escaped line ends includes what it stands for', () => {
  const text = LINES.join('\n');
  const escaped = LINES.join(String.raw`\n`);
  for (const secret of [
    base64(text),
    base64(text).replace(/=+$/, ''),
    ` ${base64(text)}\n`,
    escaped,
    base64(escaped),
  ])
    expect(plainFormsOf(secret)).toEqual(expect.arrayContaining([text, ...LINES]));
});

test('a secret that is base64 over several lines includes what it stands for', () => {
  const key = ['-----BEGIN KEY-----', 'first/line+of/the+key/and/it/is/long/enough/to/wrap=', 'second/line'];
  const wrapped = Buffer.from(key.join('\n')).toString('base64').replace(/.{76}/g, '$&\n');
  expect(formsOf(wrapped)).toEqual(expect.arrayContaining(key));
});

test('base64 of bytes that are no text stands for nothing else', () => {
  for (const bytes of [
    [0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa],
    [0, 1, 2, 3, 4, 5, 6],
  ]) {
    const secret = Buffer.from(bytes).toString('base64');
    expect(plainFormsOf(secret)).not.toContain(Buffer.from(secret, 'base64').toString('utf8'));
  }
});

describe('of a secret in JSON', () => {
  const file = {
    type: 'service_account',
    nested: [{ Client_Secret: 'hunter2hunter2', token: 'short', count: 1234567 }],
    certificate: `${LINES.join('\n')}\n`,
  };

  test.each([
    ['on one line', JSON.stringify(file)],
    ['on several lines', ` ${JSON.stringify(file, null, 2)}`],
    ['in a list, in base64', base64(JSON.stringify([file]))],
  ])('%s, the values with a secret name or several lines are secrets too', (_, secret) => {
    const forms = plainFormsOf(secret);
    expect(forms).toEqual(expect.arrayContaining(['hunter2hunter2', ...LINES]));
    expect(forms).not.toContain('service_account');
    expect(forms).not.toContain('short');
  });

  test('the password in what a registry of Docker or npm calls auth is a secret too, and no address is', () => {
    const auth = base64('robot:pass:word');
    const forms = plainFormsOf(
      JSON.stringify({ auths: { 'registry.example.com': { auth } }, auth_uri: 'https://example.com/auth' }),
    );
    expect(forms).toEqual(expect.arrayContaining([auth, 'pass:word']));
    expect(forms).not.toContain('https://example.com/auth');
  });

  test('that is cut off, the whole is still a secret', () => {
    const secret = JSON.stringify(file).slice(0, -1);
    expect(formsOf(secret)).toContain(secret);
  });
});

test.each([64, 76])('a long word includes its lines and those of its base64, %i columns wide', (width) => {
  const word = Array.from({ length: 40 }, (_, at) => `part${at}`).join('-');
  const forms = formsOf(word);
  for (const text of [word, base64(word)])
    for (let at = 0; at + width <= text.length; at += width)
      expect(forms).toContain(text.slice(at, at + width));
  expect(formsOf(`a ${word}`)).not.toContain(`a ${word}`.slice(0, width));
});

test('every form of any secret is long enough, is listed once, and the secret is one of them', () => {
  const unit = fc.constantFrom(...Array.from('aB1+/=%\\n"\'&<{[\n\r\t\0 ü€😀'));
  const anyText = fc.string({ unit, minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(anyText, fc.boolean(), (text, cut) => {
      // A text that is cut inside a character has half of a pair at its end, which no encoding can express.
      const secret = cut ? `${text}\ud83d` : text;
      fc.pre(isSecret(secret));
      for (const forms of [formsOf(secret), plainFormsOf(secret)]) {
        expect(forms.includes(secret)).toBe(true);
        expect(forms.every(isSecret)).toBe(true);
        expect(new Set(forms).size).toBe(forms.length);
      }
    }),
  );
});
