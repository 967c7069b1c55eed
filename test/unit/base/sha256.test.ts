import { expect, test } from 'vitest';
import { sha256 } from '../../../src/base/sha256.ts';

test('the digests of FIPS 180-2, appendix B', async () => {
  const ofText = (text: string): Promise<string> => sha256(new TextEncoder().encode(text));
  expect(await ofText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(await ofText('abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  );
});

test('bytes that the browser’s digest does not take at once have the same digest', async () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
  expect(await sha256(bytes, 999)).toBe(await sha256(bytes));
});
