import { describe, expect, test } from '@jest/globals';
import { firstModel, nextStep, type Choice } from '../../../soundness/chain.js';
import { EXTERNAL_EDITS, EXTERNAL_PREFIX } from '../../../soundness/externals/edits.js';
import { PARTS, type Part } from '../../../soundness/externals/parts.js';
import { FEATURES } from '../../../soundness/generate.js';
import { render, type Model } from '../../../soundness/model.js';
import { Random } from '../../support/random-edits/random.js';

const CHOICE: Choice = { features: new Set(FEATURES), parts: new Set(PARTS), externals: 'all' };

function only(...parts: readonly Part[]): Model {
  return firstModel(1, 1, { ...CHOICE, parts: new Set(parts) });
}

function textOf(content: unknown): string {
  if (typeof content !== 'string') throw new Error('There is no such text.');
  return content;
}

/** What a kind of edit makes of the files that it changes. */
function changed(model: Model, kind: string, seed = 1): Record<string, unknown> {
  const draft = structuredClone(model);
  expect(EXTERNAL_EDITS[`${EXTERNAL_PREFIX}${kind}`]?.apply(draft, new Random(seed))).toBe(true);
  const before = render(model);
  return Object.fromEntries(
    Object.entries(render(draft)).filter(
      ([path, content]) => JSON.stringify(content) !== JSON.stringify(before[path]),
    ),
  );
}

describe('every kind of edit finds something in one of a few workspaces, and changes a file', () => {
  const models: Model[] = Array.from({ length: 30 }, (_, workspace) => {
    let model = firstModel(1, workspace, CHOICE);
    for (let edit = 1; edit <= 5; edit += 1) model = nextStep(model, 1, workspace, edit).model;
    return model;
  });

  test.each(Object.entries(EXTERNAL_EDITS))('%s', (_kind, { apply }) => {
    const found = models.some((model, seed) => {
      const draft = structuredClone(model);
      return (
        apply(draft, new Random(seed)) && JSON.stringify(render(draft)) !== JSON.stringify(render(model))
      );
    });
    expect(found).toBe(true);
  });
});

test('every workspace of a run of externals has some, and every part is in one of a few', () => {
  const all = Array.from({ length: 30 }, (_, workspace) => firstModel(1, workspace, CHOICE).parts);
  expect(all.every((parts) => parts.length > 0)).toBe(true);
  expect(new Set(all.flat())).toEqual(new Set(PARTS));
});

test('a part that is left out is in no workspace', () => {
  const parts = new Set(PARTS.filter((part) => part !== 'external-hub'));
  const all = Array.from({ length: 20 }, (_, workspace) => firstModel(1, workspace, { ...CHOICE, parts }));
  expect(all.flatMap((model) => model.parts)).not.toContain('external-hub');
});

test('edits of the lock tell packages that are used from those that are not', () => {
  const model = only('external-hub');
  const lock = Object.keys(model.listings)[0] ?? '';
  const entry = (text: unknown, name: string): string =>
    new RegExp(`"?${name}(==|":).*?(?=\\n|\\})`, 's').exec(textOf(text))?.[0] ?? '';
  const before = render(model)[lock];
  const used = changed(model, 'lock, version of a used package');
  expect(Object.keys(used)).toEqual([lock]);
  const labels = JSON.stringify(model.packages);
  const names = ['alpha', 'beta', 'gamma', 'delta', 'omega'];
  const bumped = names.filter((name) => entry(used[lock], name) !== entry(before, name));
  expect(bumped).toHaveLength(1);
  expect(labels).toMatch(new RegExp(`@pip//${bumped[0]}|@pip_${bumped[0]}//|\\\\"${bumped[0]}\\\\"`));
});

test('an edit of a comment of the lock keeps its packages', () => {
  const model = only('external-hub');
  const draft = structuredClone(model);
  EXTERNAL_EDITS[`${EXTERNAL_PREFIX}lock, comment`]?.apply(draft, new Random(1));
  const [path = ''] = Object.keys(model.listings);
  expect(draft.listings[path]?.entries).toEqual(model.listings[path]?.entries);
  expect(render(draft)[path]).not.toEqual(render(model)[path]);
});

test('a file that only a program reads is marked as one that Bazel does not watch', () => {
  const unwatched = Object.entries(EXTERNAL_EDITS).filter(([, edit]) => edit.unwatched === true);
  expect(unwatched.map(([kind]) => kind.slice(EXTERNAL_PREFIX.length))).toEqual([
    'program, argument by path',
    'program, path in its environment',
    'program, file in its working folder',
  ]);
});

test('code whose number is turned gets another length', () => {
  const before = render(only('external-back'))['back/repo.bzl'];
  const after = changed(only('external-back'), 'code of an extension or a repository rule')['back/repo.bzl'];
  expect(textOf(after)).not.toHaveLength(textOf(before).length);
});
