import { describe, expect, test } from '@jest/globals';
import { firstModel, modelBefore, nextStep, type Choice } from '../../soundness/chain.js';
import { EDITS } from '../../soundness/edits.js';
import { addRule, FEATURES, generate } from '../../soundness/generate.js';
import { PARTS } from '../../soundness/externals/parts.js';
import { render, type Model } from '../../soundness/model.js';
import { Random } from '../support/random-edits/random.js';

const ALL = new Set(FEATURES);
const CHOICE: Choice = { features: ALL, parts: new Set(PARTS), externals: 'some' };

/** The files of a workspace after some edits. */
function filesAfter(edits: number, seed: number): string {
  return JSON.stringify(render(modelBefore({ seed, workspace: 1, edit: edits + 1, takenBack: [] }, CHOICE)));
}

test('the same seed gives the same workspace and the same edits', () => {
  expect(filesAfter(10, 7)).toBe(filesAfter(10, 7));
});

test('another seed gives another workspace', () => {
  expect(filesAfter(0, 7)).not.toBe(filesAfter(0, 8));
});

test('an edit that is taken back has no part in later revisions', () => {
  const place = { seed: 7, workspace: 1, edit: 2, takenBack: [1] };
  expect(render(modelBefore(place, CHOICE))).toEqual(render(modelBefore({ ...place, edit: 1 }, CHOICE)));
});

test('every edit changes a file, and says of which kinds it is', () => {
  let model = generate(new Random(3), ALL);
  for (let edit = 1; edit <= 200; edit += 1) {
    const step = nextStep(model, 3, 1, edit);
    expect(JSON.stringify(render(step.model))).not.toBe(JSON.stringify(render(model)));
    expect(step.kinds.length).toBeGreaterThanOrEqual(1);
    expect(step.kinds.length).toBeLessThanOrEqual(4);
    model = step.model;
  }
});

test('a rule of any kind can be added to a package whose other rules were removed', () => {
  const model = generate(new Random(3), ALL);
  for (const owner of model.packages.filter(({ plain }) => plain)) {
    for (let seed = 0; seed < 50; seed += 1) {
      owner.rules.length = 0;
      expect(() => {
        addRule(model, owner, new Random(seed));
      }).not.toThrow();
    }
  }
});

test('a feature that is left out is in no workspace', () => {
  const without = new Set(FEATURES.filter((feature) => feature !== 'cc'));
  const texts = Array.from({ length: 20 }, (_, seed) =>
    JSON.stringify(render(generate(new Random(seed), without))),
  );
  expect(texts.join('')).not.toContain('cc_library');
});

test('some workspaces have externals, and the ordinary part of a workspace is the same with them and without', () => {
  const partsOf = (choice: Choice): Model['parts'][] =>
    Array.from({ length: 40 }, (_, workspace) => firstModel(1, workspace, choice).parts);
  const withExternals = partsOf(CHOICE).filter((parts) => parts.length > 0);
  expect(withExternals.length).toBeGreaterThan(3);
  expect(withExternals.length).toBeLessThan(20);
  const ordinary: Choice = { ...CHOICE, parts: new Set() };
  expect(partsOf(ordinary).flat()).toEqual([]);
  for (let workspace = 0; workspace < 20; workspace += 1) {
    const packages = firstModel(1, workspace, CHOICE).packages.map(({ path }) => path);
    expect(packages).toEqual(
      expect.arrayContaining(firstModel(1, workspace, ordinary).packages.map(({ path }) => path)),
    );
  }
});

describe('every kind of edit finds something in one of a few workspaces', () => {
  const models: Model[] = Array.from({ length: 20 }, (_, seed) => {
    let model = generate(new Random(seed), ALL);
    for (let edit = 1; edit <= 20; edit += 1) model = nextStep(model, seed, 1, edit).model;
    return model;
  });

  test.each(Object.entries(EDITS))('%s', (_kind, { apply }) => {
    const found = models.some((model, seed) => {
      const draft = structuredClone(model);
      return (
        apply(draft, new Random(seed)) && JSON.stringify(render(draft)) !== JSON.stringify(render(model))
      );
    });
    expect(found).toBe(true);
  });
});
