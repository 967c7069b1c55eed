import { expect, test } from 'vitest';
import { parameterShapes, sizeOf } from '../../../src/base/bertShape.ts';
import { trainSchema } from '../../../src/lab/spec/spec.ts';
import { recipeOf, recipes, shapeOf, shapesOf, trainBy } from '../../../src/lab/spec/trainPresets.ts';

const recipe = (id: string) => {
  const found = recipes.find((one) => one.id === id);
  if (!found) throw new Error(`There is no recipe ${id}.`);
  return found;
};

test("the defaults of a spec are the paper's recipe", () => {
  const { name: _, ...defaults } = trainSchema.parse({ name: 'x' });
  const { miniBatchSize, ...fields } = recipe('mnrl-2025').fields;
  // How a batch is cut changes no result.
  expect(miniBatchSize).toBeGreaterThan(0);
  expect(defaults).toMatchObject(fields);
  expect(defaults).toMatchObject({ negatives: 'bm25', scale: 20, dropout: 0.1, weightDecay: 0.01 });
});

test('each recipe is known by its numbers, and no longer when one is changed', () => {
  for (const one of recipes) {
    for (const shape of shapesOf(12)) {
      const train = trainBy(shape, one);
      expect(recipeOf(train)).toBe(one);
      expect(recipeOf({ ...train, learningRate: train.learningRate * 2 })).toBeUndefined();
      expect(train).toMatchObject({ name: shape.id, ...shape.fields });
    }
  }
});

test("the paper's models of the MiniLM cross encoder have the sizes that it says", () => {
  const miniLm = {
    vocabulary: 30_522,
    hidden: 384,
    heads: 12,
    intermediate: 1536,
    positions: 512,
    types: 2,
    epsilon: 1e-12,
  };
  const millions = shapesOf(12).map(({ id, fields: { layers } }) => {
    const all = parameterShapes({ ...miniLm, layers }).reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return [id, Math.round(all / 1e6)];
  });
  // Sections 4.1 and 4.4: "15M parameter DE-2 CE", "33M parameters" for twelve layers.
  expect(millions).toEqual([
    ['de-2-ce', 15],
    ['de-2-rand', 15],
    ['de-2-de', 15],
    ['de-12-ce', 33],
  ]);
});

test('any shape has a name that says its layers and where they come from', () => {
  const names = (
    [
      { init: 'ce', layers: 3, copyLayers: 2 },
      { init: 'de', layers: 4, copyLayers: 0 },
      { init: 'random', layers: 3, copyLayers: 2 },
      { init: 'de', layers: 2, copyLayers: 1, copy: [0, 5] },
    ] as const
  ).map(shapeOf);
  expect(names.map(({ id }) => id)).toEqual(['de-3-ce-2', 'de-4-de-0', 'de-3-rand', 'de-2-de-layers-0-5']);
  expect(names.map(({ fields }) => fields.copyLayers)).toEqual([2, 0, 0, 1]);
});
