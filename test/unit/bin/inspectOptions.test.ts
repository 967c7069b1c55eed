import { expect, test } from 'vitest';
import { inspectOptions } from '../../../bin/inspectOptions.ts';

const texts = ['--query', 'a cat', '--document', 'an animal'];

test('two texts are read by the bundled pair, or by the models that are named', () => {
  const plain = inspectOptions(texts);
  expect(plain.texts).toEqual({ query: 'a cat', document: 'an animal', layer: null });
  expect(plain.spec.models.ce.source).toBe('bundled:mini-ce');
  const named = inspectOptions([...texts, '--de', 'hub:a/b', '--layer', '0', '--models', 'm']);
  expect(named.spec.models.de.source).toBe('hub:a/b');
  expect(named.texts.layer).toBe(0);
  expect(named.flags.models).toBe('m');
});

test.each([
  [['--query', 'a cat'], 'inspect needs two texts, --query TEXT and --document TEXT.'],
  [[...texts, '--layer', 'emb'], '--layer takes a whole number from 0, not "emb".'],
  [[...texts, '--ce', 'mini-ce'], 'must be bundled:NAME'],
])('%j is refused in one sentence', (argv, sentence) => {
  expect(() => inspectOptions(argv)).toThrow(sentence);
});
