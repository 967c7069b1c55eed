import fc from 'fast-check';

/** What breaks parsers: ends, signs of syntax, numbers at their limits. */
const fragments = [
  '\n',
  '\r',
  '\r\n',
  '\t',
  ',',
  ';',
  '"',
  '""',
  '\\"',
  '\\',
  '[',
  ']',
  '{',
  '}',
  ':',
  ' ',
  '\u0000',
  '\ufeff',
  '\u2028',
  '\ud83d',
  '👩‍💻',
  'null',
  'NaN',
  '-0',
  '1e999',
  '9007199254740993',
  '1.0',
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '_id',
  'text',
  'query',
  '../../up',
].map((text) => new TextEncoder().encode(text));

const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.constantFrom(...fragments),
  fc.uint8Array({ maxLength: 8 }),
  fc.constantFrom(0x00, 0x7f, 0x80, 0xff).map((byte) => new Uint8Array(4).fill(byte)),
);

interface Edit {
  /** From 0 to 1, along the file. */
  readonly at: number;
  readonly cut: number;
  readonly put: Uint8Array;
  /** How often, as nested brackets and long runs are. */
  readonly times: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.oneof(fc.constant(0), fc.nat(4), fc.nat(200)),
  put: bytes,
  times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.nat(2000) }),
});

function edited(file: Uint8Array, { at, cut, put, times }: Edit): Uint8Array {
  const start = Math.floor(at * file.length);
  const repeated = Array.from({ length: times }, () => put);
  return Buffer.concat([file.subarray(0, start), ...repeated, file.subarray(start + cut)]);
}

/** Files that begin as one of some whole ones and end as anything. */
export function garbled(seeds: readonly (string | Uint8Array)[]): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const whole = seeds.map((seed) => (typeof seed === 'string' ? new TextEncoder().encode(seed) : seed));
  return fc
    .oneof(
      {
        weight: 8,
        arbitrary: fc
          .tuple(fc.constantFrom(...whole), fc.array(edit, { minLength: 1, maxLength: 5 }))
          .map(([file, edits]) => edits.reduce(edited, file)),
      },
      { weight: 1, arbitrary: fc.array(bytes, { maxLength: 30 }).map((parts) => Buffer.concat(parts)) },
    )
    .map((made) => Uint8Array.from(made));
}
