import { expect, test } from 'vitest';
import { checkFloors, reachedFrom } from '../../../scripts/checkFloors.ts';

const floors = {
  'src/base': [],
  'src/lab/a': ['src/base'],
  'src/lab/b': ['src/base', 'src/lab/a'],
  view: ['src/lab'],
};

const check = (files: Record<string, string>, table: Record<string, string[]> = floors): string[] =>
  checkFloors(table, new Map(Object.entries(files)));

test('imports that go down are allowed, of a folder below an allowed one too', () => {
  expect(
    check({
      'src/base/units.ts': "import { z } from 'zod';",
      'src/lab/a/one.ts': "import { units } from '../../base/units.ts';\nimport { two } from './two.ts';",
      'src/lab/a/two.ts': '',
      'view/page.tsx': "import { one } from '../src/lab/a/one.ts';\nexport const page = <p>{one}</p>;",
    }),
  ).toEqual([]);
});

test.each([
  ['an import', "import { b } from '../b/b.ts';"],
  ['an import of a type', "import type { B } from '../b/b.ts';"],
  ['a type in place', "type B = import('../b/b.ts').B;"],
  ['a re-export', "export { b } from '../b/b.ts';"],
  ['a re-export of everything', "export * from '../b/b.ts';"],
  ['a dynamic import', "await import('../b/b.ts');"],
  ['text', "import text from '../b/b.ts?raw';"],
  ['a worker by its address', "new Worker(new URL('../b/b.ts', import.meta.url));"],
])('%s that goes up is named with its file and line', (_, statement) => {
  expect(check({ 'src/lab/a/one.ts': `// a comment\n\n${statement}` })).toEqual([
    'src/lab/a/one.ts, line 3: src/lab/a may not import src/lab/b/b.ts; floors.json allows it src/base.',
  ]);
});

test('an import in a comment or a string is none', () => {
  expect(
    check({ 'src/base/units.ts': "// import '../lab/a/one.ts'\nconst text = \"import '../lab/a/one.ts'\";" }),
  ).toEqual([]);
});

test('a cycle between files of one folder is named, of types alone too', () => {
  expect(
    check({
      'src/base/one.ts': "import { two } from './two.ts';",
      'src/base/two.ts': "\nimport { three } from './three.ts';",
      'src/base/three.ts': "import type { one } from './one.ts';",
    }),
  ).toEqual([
    'src/base/one.ts, line 1: closes a cycle: src/base/one.ts → src/base/two.ts → src/base/three.ts → src/base/one.ts.',
  ]);
});

test('a table that lets two floors import each other is refused, through a folder that holds one of them too', () => {
  expect(check({}, { 'src/base': ['src/lab'], 'src/lab/a': ['src/base'] })).toEqual([
    'floors.json lets floors import each other: src/base → src/lab/a → src/base.',
  ]);
});

test('a file whose folder has no entry is refused', () => {
  expect(check({ 'src/lab/c/three.ts': '' })).toEqual([
    'src/lab/c/three.ts has no floor; name its folder, and what it may import, in floors.json.',
  ]);
});

test('what runs with a file is what it imports but types and workers, at once or later', () => {
  const sources = new Map(
    Object.entries({
      'src/main.ts':
        "import type { A } from './types.ts';\nimport { b } from './b.ts';\nimport url from './worker.ts?worker&url';\nnew Worker(new URL('./worker.ts', import.meta.url));",
      'src/b.ts': "export { c } from './c.ts';\nvoid import('./later.ts');",
      'src/c.ts': "import { main } from './main.ts';",
      'src/later.ts': '',
      'src/types.ts': '',
      'src/worker.ts': '',
    }),
  );
  expect([...reachedFrom('src/main.ts', sources)]).toEqual([
    ['src/main.ts', ['src/main.ts']],
    ['src/b.ts', ['src/main.ts', 'src/b.ts']],
    ['src/c.ts', ['src/main.ts', 'src/b.ts', 'src/c.ts']],
    ['src/later.ts', ['src/main.ts', 'src/b.ts', 'src/later.ts']],
  ]);
});
