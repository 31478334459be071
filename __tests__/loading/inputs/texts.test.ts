import { describe, expect, test } from '@jest/globals';
import {
  byObjectId,
  supplyTexts,
  supplyTextsNow,
  type NeedsFiles,
} from '../../../src/loading/inputs/texts.js';
import { workspacePath } from '../../support/builders.js';

/** Asks for files one after the other, each named by the one before. */
function* chainFrom(start: string): NeedsFiles<string[]> {
  const found: string[] = [];
  let path = workspacePath(start);
  for (;;) {
    const text = (yield [path]).get(path);
    if (text === undefined) return found;
    found.push(text);
    path = workspacePath(text);
  }
}

const FILES = new Map(
  [
    ['a', 'b'],
    ['b', 'c'],
  ].map(([path = '', text = '']) => [workspacePath(path), text]),
);

describe('a computation that needs texts', () => {
  test('is given them until it is done', async () => {
    expect(await supplyTexts(chainFrom('a'), () => Promise.resolve(FILES))).toEqual(['b', 'c']);
    expect(supplyTextsNow(chainFrom('a'), () => FILES)).toEqual(['b', 'c']);
  });

  test('can be given them by object id, without a question where there is no object', () => {
    const asked: (readonly string[])[] = [];
    const idAt = (path: string): string | undefined =>
      FILES.has(workspacePath(path)) ? `id of ${path}` : undefined;
    const found = supplyTextsNow(byObjectId(chainFrom('a'), idAt), (ids) => {
      asked.push(ids);
      return new Map([['id of a', 'b']]);
    });
    // An object without a text counts as an empty file.
    expect(found).toEqual(['b', '']);
    expect(asked).toEqual([['id of a'], ['id of b']]);
  });
});
