import { expect, test, vi } from 'vitest';
import { openReranker } from '../../../src/lab/compare/openReranker.ts';
import { padBatch } from '../../../src/lab/models/batch.ts';
import '../../support/allclose.ts';
import { caseFiles, type RerankerCase, reference } from '../../support/sentenceTransformers.ts';

vi.mock('../../../src/lab/models/runtime.ts', () => import('../../support/nodeRuntime.ts'));

// The first session waits for the runtime to be compiled.
vi.setConfig({ testTimeout: 60_000 });

const adapter = { kind: 'none', description: 'there is none in Node' } as const;

const open = (one: RerankerCase, label: number | string | null = null) =>
  openReranker(
    { files: caseFiles(one), kind: 'ce', dtype: 'fp32', backend: 'wasm', adapter },
    { maxLength: 256, label },
  );

function caseNamed(name: string): RerankerCase {
  return reference.rerankers.find((one) => one.name === name)!;
}

async function relevance({ session, encoder }: Awaited<ReturnType<typeof open>>): Promise<Float32Array> {
  const rows = reference.pairs.map(([query, document]) =>
    encoder.join(encoder.content(query), encoder.content(document)),
  );
  const { logits } = await session.run(padBatch(rows, encoder.padTokenId));
  return logits!.data;
}

test.each(reference.rerankers)('$name: scores are those of CrossEncoder.predict', async (one) => {
  const reranker = await open(one);
  const { head, session } = reranker;
  const ranked = await relevance(reranker);
  expect(ranked).toHaveLength(reference.pairs.length);
  const { relevant } = head;
  const scores = one.logits.map((logits) => head.score(logits));
  expect(scores).toBeAllclose(
    one.scores.map((labels) => labels[relevant]!),
    { atol: 1e-5 },
  );
  // What ranks is the logit, or of several labels the log odds: as their softmax without its rounding to 1.
  const expected = one.logits.map((logits, pair) =>
    logits.length === 1
      ? logits[0]!
      : Math.log(one.scores[pair]![relevant]! / (1 - one.scores[pair]![relevant]!)),
  );
  expect(ranked).toBeAllclose(expected, { atol: 1e-4 });
  await session.dispose();
});

test('the label that means relevant is found by its name, or named in the spec', async () => {
  const one = caseNamed('three labels');
  const own = await open(one);
  expect([own.head.relevant, own.session.info.reading]).toEqual([
    1,
    'ranked by log odds of "entailment", label 1 of contradiction, entailment, neutral',
  ]);
  await own.session.dispose();
  for (const label of [2, 'neutral']) {
    const named = await open(one, label);
    expect(named.head.relevant).toBe(2);
    expect(named.encoder.key).not.toBe(own.encoder.key);
    await named.session.dispose();
  }
  await expect(open(one, 'yes')).rejects.toThrow(
    'field "models.ce.label": is "yes", but test:three labels has the labels 0 (contradiction), 1 (entailment), 2 (neutral); name one of these.',
  );
});

test('of two labels without names the second means relevant; of three, none is guessed', async () => {
  const two = await open(caseNamed('roberta, two labels'));
  expect(two.head.relevant).toBe(1);
  await two.session.dispose();
  const id2label = { 0: 'LABEL_0', 1: 'LABEL_1', 2: 'LABEL_2' };
  await expect(
    open({ ...caseNamed('three labels'), files: { 'config.json': { id2label } } }),
  ).rejects.toThrow(
    'field "models.ce.label": is null, but of the labels of test:three labels (LABEL_0, LABEL_1, LABEL_2) none is known to mean relevant; name one.',
  );
});

test('an encoder without a head is refused', async () => {
  const bare: RerankerCase = { ...caseNamed('modules'), files: {} };
  await expect(open(bare)).rejects.toThrow('is a BertModel without a head; rerank with a cross encoder.');
});
