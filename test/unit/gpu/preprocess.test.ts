import { expect, test } from 'vitest';
import { type Constants, preprocess, type SourceFile } from '../../../src/gpu/kernels/preprocess.ts';

const file = (name: string, ...lines: string[]): SourceFile => ({ name, text: `${lines.join('\n')}\n` });

function expand(main: SourceFile, constants: Constants = {}, ...others: SourceFile[]): string[] {
  const find = (name: string): SourceFile | undefined => others.find((one) => one.name === name);
  return preprocess([main], constants, find).map(({ text }) => text);
}

test('constants are pasted, loops unrolled, and branches chosen', () => {
  const main = file(
    'main',
    '#for I count',
    '  x$I = $name;',
    '#end',
    '#if on',
    'a',
    '#else',
    'b',
    '#end',
    '#if !on',
    'c',
    '#end',
  );
  expect(expand(main, { count: 2, name: 'y', on: false })).toEqual(['  x0 = y;', '  x1 = y;', 'b', 'c']);
});

test('a file is included with values of its own, and each line knows where it was written', () => {
  const main = file(
    'main',
    'first',
    '#include "load" name=A wide=$wide',
    '#include "load" name=B wide=false',
    'last',
  );
  const load = file('load', 'fn load$name', '#if wide', 'wide', '#end');
  const find = (): SourceFile => load;
  expect(preprocess([main], { wide: true }, find)).toEqual([
    { text: 'first', file: 'main', line: 1 },
    { text: 'fn loadA', file: 'load', line: 1 },
    { text: 'wide', file: 'load', line: 3 },
    { text: 'fn loadB', file: 'load', line: 1 },
    { text: 'last', file: 'main', line: 4 },
  ]);
});

test('an included file sees the loop that it stands in', () => {
  const main = file('main', '#for I 2', '#include "body"', '#end');
  expect(expand(main, {}, file('body', 'sum$I'))).toEqual(['sum0', 'sum1']);
});

test('what a kernel enables goes first', () => {
  expect(expand(file('main', 'a', '#include "half"'), {}, file('half', 'enable f16;', 'b'))).toEqual([
    'enable f16;',
    'a',
    'b',
  ]);
});

test.each([
  ['a name that is not given', file('main', 'ok', 'x = $width;'), 'main, line 2: "width" is not among'],
  ['a block without its end', file('main', '#if on', 'x'), 'main, line 1: this block has no #end'],
  ['an end without its block', file('main', 'x', '#end'), 'main, line 2: there is no open block for #end'],
  [
    'a file that is not there',
    file('main', '#include "gone"'),
    'main, line 1: there is no "gone" to include',
  ],
  ['an include that cannot be read', file('main', '#include gone'), 'main, line 1: write #include "name"'],
  ['a branch on a number', file('main', '#if four', '#end'), 'main, line 1: four is "4", which is neither'],
])('%s is told with its file and line', (_, main, message) => {
  expect(() => expand(main, { on: true, four: 4 })).toThrow(message);
});

test('files that include one another in a circle are told', () => {
  const [a, b] = [file('a', '#include "b"'), file('b', '#include "a"')];
  expect(() => expand(a, {}, a, b)).toThrow('includes itself');
});
