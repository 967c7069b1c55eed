import { expect, test } from 'vitest';
import { checkTeacher } from '../../../src/lab/pipeline/checkTeacher.ts';
import { openTeacher } from '../../../src/lab/pipeline/teacher.ts';
import type { TeacherServices } from '../../../src/lab/pipeline/trainOptions.ts';
import { parseSpec } from '../../../src/lab/spec/parse.ts';
import type { Spec, SpecInput } from '../../../src/lab/spec/spec.ts';
import { TrainingPlan } from '../../../src/lab/training/trainingPlan.ts';
import type { TrainingSet } from '../../../src/lab/training/trainingSet.ts';
import { characterEncoder, fakeSession, fakeVector } from '../../support/fakeModel.ts';
import { fakeServices } from '../../support/fakeServices.ts';
import { madeModel } from '../../support/modelFiles.ts';
import '../../support/allclose.ts';

type TrainInput = NonNullable<SpecInput['train']>[number];

function specOf(train: Partial<TrainInput>): Spec {
  return parseSpec({
    models: { ce: { source: 'folder:ce' }, de: { source: 'folder:de' } },
    datasets: [{ source: 'folder:one' }],
    train: [{ name: 't', steps: 3, batchSize: 2, shuffle: false, ...train }],
  });
}

// The first text is asked for, and is found by another query.
const set: TrainingSet = {
  texts: ['ab', 'cde', 'f', 'ghi', 'jk', 'lm'],
  examples: [
    { query: 0, positives: [1], negatives: [2, 3] },
    { query: 4, positives: [5], negatives: [0] },
  ],
};

/** A DE that reads queries behind a prompt, and a CE whose logit is the length of both texts. */
function teachers(): TeacherServices & { opened: string[] } {
  const opened: string[] = [];
  const services = fakeServices().comparison;
  const model = (source: string) => ({ session: fakeSession([2]), encoder: characterEncoder, source });
  return {
    opened,
    openStore: services.openStore,
    openScoreStore: services.openScoreStore,
    openSystem(system) {
      opened.push(system.type === 'model' ? system.source : system.type);
      const queryEncoder = {
        ...characterEncoder,
        encode: (text: string) => characterEncoder.encode(`?${text}`),
      };
      return Promise.resolve({ ...model('de'), queryEncoder, tokenizerHash: 'x' });
    },
    openReranker(spec) {
      opened.push(spec.models.ce.source);
      const { info } = fakeSession([2]);
      return Promise.resolve({
        tokenizerHash: 'x',
        session: {
          info,
          outputs: ['logits'],
          run: (batch) => {
            const lengths = Array.from({ length: batch.rows }, (_, row) =>
              batch.attentionMask
                .subarray(row * batch.tokens, (row + 1) * batch.tokens)
                .reduce((sum, one) => sum + Number(one), 0),
            );
            return Promise.resolve({
              logits: { data: Float32Array.from(lengths), dims: [batch.rows, 1] },
            });
          },
          dispose: () => Promise.resolve(),
        },
        encoder: {
          key: 'characters',
          padTokenId: 0,
          content: (text) => [...characterEncoder.encode(text).inputIds],
          join: (query, document) => characterEncoder.encode(String.fromCharCode(...query, ...document)),
        },
      });
    },
  };
}

async function taught(train: Partial<TrainInput>, hidden = 4) {
  const spec = specOf(train);
  const from = teachers();
  const plan = new TrainingPlan(set, { ...spec.train[0]!, seed: 1, negativesPerQuery: 2 });
  const options = {
    train: spec.train[0]!,
    spec,
    heldOut: [],
    mined: new Map(),
    services: fakeServices().training,
    teachers: from,
    listen: () => {},
    signal: new AbortController().signal,
  };
  const teacher = await openTeacher(options, set, plan, hidden);
  return { teacher, batch: plan.batch(0), opened: from.opened };
}

test('mnrl has no teacher, and opens none', async () => {
  const { teacher, opened } = await taught({});
  expect(teacher).toBeNull();
  expect(opened).toEqual([]);
});

test('mse is taught the vectors of queries as queries, and of documents as documents', async () => {
  const { teacher, batch, opened } = await taught({ loss: 'mse' });
  const values = teacher!.valuesOf(batch);
  if (values.kind !== 'vectors') throw new Error('These are vectors.');
  // Row 0 is both; behind positives come the negatives of the first query, then of the second.
  const texts = ['?ab', '?jk', 'cde', 'lm', 'f', 'ghi', 'ab'];
  expect(values.vectors).toBeAllclose(texts.flatMap((text) => fakeVector(text, 2)));
  expect(opened).toEqual(['baseline']);
});

test('a teacher of another width is fitted, and another source can teach', async () => {
  const { teacher, batch, opened } = await taught({ loss: 'mse', teacher: 'hub:a/wide' }, 6);
  const values = teacher!.valuesOf(batch);
  if (values.kind !== 'vectors') throw new Error('These are vectors.');
  expect([...values.vectors.subarray(0, 6)]).toEqual([...fakeVector('?ab', 2).map(Math.fround), 0, 0]);
  expect(opened).toEqual(['hub:a/wide']);
});

test('margin-mse is taught the logits of each query with its own candidates', async () => {
  const { teacher, batch, opened } = await taught({ loss: 'margin-mse' });
  expect(teacher!.valuesOf(batch)).toEqual({
    kind: 'scores',
    candidates: [
      [0, 2, 3],
      [1, 4],
    ],
    // Letters of both texts.
    scores: [
      [5, 3, 5],
      [4, 4],
    ],
  });
  expect(opened).toEqual(['folder:ce']);
});

test('kl takes a DE’s cosines times the scale, or the logits of another CE', async () => {
  const { teacher, batch } = await taught({ loss: 'kl', teacher: 'de', scale: 2 });
  const values = teacher!.valuesOf(batch);
  if (values.kind !== 'scores') throw new Error('These are scores.');
  const [query, document] = [fakeVector('?ab', 2), fakeVector('cde', 2)];
  const dot = query.reduce((sum, one, i) => sum + one * document[i]!, 0);
  expect(values.scores[0]![0]).toBeCloseTo((2 * dot) / (Math.hypot(...query) * Math.hypot(...document)), 5);
  expect((await taught({ loss: 'kl', teacher: 'local:other' })).opened).toEqual(['local:other']);
});

test('what is taught tells runs apart', async () => {
  const digests = await Promise.all(
    [{ loss: 'mse' } as const, { loss: 'kl' } as const, { loss: 'mse' } as const].map(
      async (train) => (await taught(train)).teacher!.digest,
    ),
  );
  expect(digests[0]).toBe(digests[2]);
  expect(digests[0]).not.toBe(digests[1]);
});

const bert = {
  model_type: 'bert',
  num_hidden_layers: 2,
  hidden_size: 8,
  vocab_size: 9,
  max_position_embeddings: 8,
};
const encoder = { ...bert, architectures: ['BertModel'] };
const classifier = { ...bert, architectures: ['BertForSequenceClassification'] };

function check(train: Partial<TrainInput>, config: object): Promise<void> {
  const spec = specOf(train);
  const openFiles = () => Promise.resolve(madeModel({ 'config.json': JSON.stringify(config) }));
  return checkTeacher(spec.train[0]!, spec, { openFiles }, new AbortController().signal);
}

test.each([
  ['mse to a CE', { loss: 'mse', teacher: 'ce' }, classifier, 'is "ce", but mse takes the vectors of a dual'],
  [
    'mse to a CE by its source',
    { loss: 'mse', teacher: 'local:x' },
    classifier,
    'but mse takes a dual encoder',
  ],
  [
    'margins of a DE',
    { loss: 'margin-mse', teacher: 'de' },
    encoder,
    'takes margins of a cross encoder’s one logit',
  ],
  [
    'no logit',
    { loss: 'margin-mse', teacher: 'local:x' },
    encoder,
    'without a head, but margin-mse takes a cross',
  ],
  [
    'several logits',
    { loss: 'kl' },
    { ...classifier, num_labels: 3 },
    'which gives 3 logits a pair, but kl takes one',
  ],
  ['a teacher without use', { teacher: 'de' }, encoder, 'is set, but the loss is mnrl'],
] as const)('%s is refused in one sentence', async (_, train, config, words) => {
  await expect(check(train, config)).rejects.toThrow(words);
});

test.each([
  [{ loss: 'mse' }, encoder],
  [{ loss: 'kl', teacher: 'de' }, encoder],
  [{ loss: 'margin-mse' }, { ...classifier, num_labels: 1 }],
  [{}, encoder],
] as const)('%j is taken', async (train, config) => {
  await check(train, config);
});
