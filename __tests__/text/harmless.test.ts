import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutCommands } from '../../src/text/harmless.js';
import { isCommand } from '../support/runner-commands.js';

describe('a text of others', () => {
  test.each([
    ['##[error]forged', '# #[error]forged'],
    ['//a:x##[add-mask]a', '//a:x# #[add-mask]a'],
    ['####[group]x', '### #[group]x'],
    ['##[##[error]', '# #[# #[error]'],
    ['#\u00ad#\u200b[error]', '# #[error]'],
    ['::error::forged', ': :error::forged'],
    ['good\n \t::error::forged', 'good\n \t: :error::forged'],
    ['good\r::error::forged', 'good\r: :error::forged'],
    ['\u3000\u0085::error::forged', '\u3000\u0085: :error::forged'],
    ['\u00ad:\u200b:error::forged', '\u00ad: :error::forged'],
  ])('has no command left in %j', (text, harmless) => {
    expect(withoutCommands(text)).toBe(harmless);
  });

  test.each(['', '# [x](y) ## [z]', 'a::b', '//a:b', '## heading', 'std::vector\n  a ::b'])(
    'stays as it is: %j',
    (text) => {
      expect(withoutCommands(text)).toBe(text);
    },
  );

  test('is none to the runner, whatever it is made of', () => {
    const pieces = [
      '#',
      '##[',
      '[',
      ']',
      ':',
      '::',
      'error',
      ' ',
      '\n',
      '\r',
      '\u00ad',
      '\u2003',
      '\u0000',
      'x',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (parts) => {
        const harmless = withoutCommands(parts.join(''));
        expect(harmless.split(/\r\n|\r|\n/).filter(isCommand)).toEqual([]);
        expect(withoutCommands(harmless)).toBe(harmless);
      }),
    );
  });
});
