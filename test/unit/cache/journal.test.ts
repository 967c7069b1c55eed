import { expect, test } from 'vitest';
import { MemoryPart } from '../../../src/lab/cache/fileStore.ts';
import { encodeRecord, Journal } from '../../../src/lab/cache/journal.ts';

interface Said {
  readonly text: string;
}

function files(log: Uint8Array<ArrayBuffer> = new Uint8Array(0)) {
  const parts = [new MemoryPart(10_000), new MemoryPart(10_000), new MemoryPart(10_000)] as const;
  parts[0].append(log);
  return { log: parts[0], states: [parts[1], parts[2]] as const };
}

function joined(records: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(records.flatMap((record) => [...record]));
}

const records = ['one', 'zwei', '三'].map((text, i) =>
  encodeRecord({ says: { text }, bytes: new Uint8Array(5 * i).fill(i) }),
);
const texts = (journal: Journal<Said, Said>): string[] => journal.entries.map(({ text }) => text);

test('what was noted is there when the journal is opened again, numbers too', () => {
  const on = files();
  const journal = new Journal<Said, Said>(on);
  journal.append({ text: 'first' }, Uint8Array.of(1, 2, 3));
  journal.append({ text: 'second' });
  const again = new Journal<Said, Said>(on);
  expect(texts(again)).toEqual(['first', 'second']);
  expect([...again.bytes(0)]).toEqual([1, 2, 3]);
});

test('wherever a file is cut off, whole records stay, the rest is forgotten, and the next one follows', () => {
  const whole = joined(records);
  const ends = records.map((_, i) => joined(records.slice(0, i + 1)).length);
  for (let length = 0; length <= whole.length; length++) {
    const on = files(whole.slice(0, length));
    const journal = new Journal<Said, Said>(on);
    const kept = ends.filter((end) => end <= length).length;
    expect(texts(journal)).toEqual(['one', 'zwei', '三'].slice(0, kept));
    journal.append({ text: 'next' });
    expect(texts(new Journal<Said, Said>(on)).at(-1)).toBe('next');
  }
});

test('a changed byte ends the journal before its record', () => {
  const whole = joined(records);
  const second = records[0]!.length;
  for (let at = second; at < second + records[1]!.length; at++) {
    const changed = whole.slice();
    changed[at]! ^= 1;
    expect(texts(new Journal<Said, Said>(files(changed)))).toEqual(['one']);
  }
});

test('of two states the later one counts, and where that was cut off, the one before', () => {
  const on = files();
  const journal = new Journal<Said, Said>(on);
  expect(journal.state()).toBeNull();
  for (const text of ['first', 'second', 'third']) journal.keepState({ text }, Uint8Array.of(text.length));
  expect(new Journal<Said, Said>(on).state()).toEqual({ says: { text: 'third' }, bytes: Uint8Array.of(5) });
  const [, later] = on.states;
  later.cut(later.size - 1);
  const again = new Journal<Said, Said>(on);
  expect(again.state()?.says.text).toBe('second');
  again.keepState({ text: 'fourth' }, new Uint8Array(0));
  expect(new Journal<Said, Said>(on).state()?.says.text).toBe('fourth');
});

test('full storage is told once, and ends the notes, not the run', () => {
  const on = files();
  let told = 0;
  const full = {
    ...on,
    log: Object.assign(on.log, {
      append() {
        throw new DOMException('full', 'QuotaExceededError');
      },
    }),
  };
  const journal = new Journal<Said, Said>(full, () => told++);
  journal.append({ text: 'lost' });
  journal.append({ text: 'lost too' });
  expect([told, journal.entries]).toEqual([1, []]);
});
