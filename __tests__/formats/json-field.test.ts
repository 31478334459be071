import { describe, expect, test } from '@jest/globals';
import { Field } from '../../src/formats/json-field.js';
import { commitId } from '../support/builders.js';

class FormatError extends Error {}

function complain(message: string, cause?: unknown): Error {
  return new FormatError(message, { cause });
}

function parsed(content: string): Field {
  return Field.parse(content, complain);
}

/** The value as the field a of a file. */
function fieldOf(value: unknown): Field {
  return Field.of({ a: value }, 'the file', complain).at('a');
}

describe('a file', () => {
  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['{"a":', 'it is not JSON, so it was cut off or is something else'],
    ['<html>', 'it is not JSON, so it was cut off or is something else'],
  ])('%j is refused, because %s', (content, message) => {
    expect(() => parsed(content)).toThrow(expect.objectContaining({ constructor: FormatError, message }));
  });

  test('that is not JSON keeps the reason that the parser gives', () => {
    expect(() => parsed('{')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });

  test('is called the file in a complaint, and another value by its own name', () => {
    expect(() => parsed('[]').object()).toThrow(new FormatError('the file should be an object, and is []'));
    expect(() => Field.of(1, 'the answer', complain).list()).toThrow('the answer should be a list, and is 1');
  });
});

describe('a path', () => {
  test('names the keys and the places in lists that lead to a value', () => {
    const [, second] = parsed('{"legs":[{},{"targets":[{"label":1}]}]}').at('legs').list();
    expect(() => second?.at('targets').list()[0]?.at('label').text()).toThrow(
      new FormatError('legs[1].targets[0].label should be a text, and is 1'),
    );
    expect(() => parsed('[[true]]').list()[0]?.list()[0]?.text()).toThrow(
      '[0][0] should be a text, and is true',
    );
  });

  test('to a missing key is nothing, also if every object inherits the key', () => {
    for (const key of ['x', 'constructor', 'toString', '__proto__'])
      expect(() => parsed('{}').at(key).text()).toThrow(`${key} should be a text, and is nothing`);
    expect(parsed('{"__proto__":"own"}').at('__proto__').text()).toBe('own');
  });

  test.each(['null', '[]', '"text"', '7'])('has no keys below %s', (value) => {
    expect(() => parsed(`{"a":${value}}`).at('a').at('b')).toThrow(`a should be an object, and is ${value}`);
  });
});

describe('a value', () => {
  test.each<[read: string, right: readonly unknown[], wrong: readonly unknown[], expected: string]>([
    ['object', [{}, { b: 1 }], [null, [], 'x', undefined], 'an object'],
    ['list', [], [{}, null, 'x', undefined], 'a list'],
    ['text', ['', 'x'], [1, null, ['x'], undefined], 'a text'],
    ['number', [0, -1.5], ['1', null, undefined], 'a number'],
    [
      'time',
      ['2026-01-01T00:00:00.000Z'],
      ['', 'soon', '2026-13-01', '2026-13-01T00:00:00Z', 'leg 1'],
      'a time',
    ],
    ['label', ['//a:b', '@@x//:y'], ['', 'no label'], 'a label'],
    ['commitId', [commitId('a'), 'b'.repeat(64)], ['a'.repeat(39), 'A'.repeat(40), 'main'], 'a commit id'],
  ])('%s returns it, or says what it should be', (read, right, wrong, expected) => {
    const method = read as 'object' | 'list' | 'text' | 'number' | 'time' | 'label' | 'commitId';
    for (const value of right) expect(fieldOf(value)[method]()).toEqual(value);
    for (const value of wrong)
      expect(() => fieldOf(value)[method]()).toThrow(`a should be ${expected}, and is `);
  });

  test.each(['time', 'label', 'commitId'] as const)('%s of what is no text asks for a text', (read) => {
    expect(() => fieldOf(1)[read]()).toThrow('a should be a text, and is 1');
  });

  test('count is a whole number that is large enough and exact', () => {
    expect(fieldOf(1).count(1)).toBe(1);
    for (const value of [0, 1.5, '1', null, 2 ** 53])
      expect(() => fieldOf(value).count(1)).toThrow('a should be a whole number of at least 1, and is');
  });

  test('of a choice has exactly the words of one', () => {
    expect(fieldOf('build').oneOf(['test', 'build'])).toBe('build');
    for (const value of ['Build', '', null, ['build']])
      expect(() => fieldOf(value).oneOf(['test', 'build'])).toThrow('a should be one of test, build, and is');
  });

  test('may be null only where null is written: a missing one is refused', () => {
    const read = (field: Field): string => field.text();
    expect(fieldOf(null).orNull(read)).toBeNull();
    expect(fieldOf('x').orNull(read)).toBe('x');
    expect(() => fieldOf(undefined).orNull(read)).toThrow('a should be a text, and is nothing');
  });

  test('that is a long text is cut where the reader says', () => {
    expect(fieldOf('x'.repeat(9)).text(5)).toBe('xxxx…');
    expect(fieldOf('x'.repeat(5)).text(5)).toBe('xxxxx');
  });

  test('is shown by its beginning, however long or deep it is', () => {
    expect(fieldOf('x'.repeat(1000)).shown()).toBe(`"${'x'.repeat(79)}`);
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(() => fieldOf(deep).text()).toThrow(
      'a should be a text, and is something that is too deep to show',
    );
  });
});
