import { expect, test } from '@jest/globals';
import { InputError } from '../../src/text/input-error.js';

test('says what is allowed in place of a value that has the wrong form', () => {
  const error = new InputError('mode', 'deploy', 'test, build');
  expect(error.message).toBe('input mode: "deploy" cannot be used; allowed: test, build');
  expect(error.sentenceFor('--mode')).toBe('--mode "deploy" cannot be used; allowed: test, build');
});

test('says what is wrong with a value of the right form', () => {
  const error = new InputError('base', 'nope', { problem: 'was not found: fetch it' });
  expect(error.message).toBe('input base: "nope" was not found: fetch it');
  expect(error.sentenceFor('--base')).toBe('--base "nope" was not found: fetch it');
});

test('shows no value if none was given', () => {
  expect(new InputError('base', '', { problem: 'is needed' }).sentenceFor('--base')).toBe('--base is needed');
});
