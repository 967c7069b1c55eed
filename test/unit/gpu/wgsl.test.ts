import { expect, test } from 'vitest';
import { directive, type SourceFile } from '../../../src/gpu/kernels/preprocess.ts';
import { sources } from '../../../src/gpu/kernels/wgsl.ts';

interface Branch {
  readonly kind: string;
  readonly line: number;
  readonly lines: string[];
}

/** What stands in each branch of each `#for` and `#if`, directives left out. */
function branches({ name, text }: SourceFile): Branch[] {
  const open: Branch[] = [];
  const all: Branch[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const kind = directive.exec(line)?.[1];
    if (kind === 'else' || kind === 'end') open.pop();
    if (kind === 'for' || kind === 'if' || kind === 'else') {
      const branch = { kind, line: index + 1, lines: [] };
      open.push(branch);
      all.push(branch);
    } else if (kind !== 'end') for (const { lines } of open) lines.push(line.replace(/\/\/.*/, '').trim());
  }
  if (open.length > 0) throw new Error(`${name} leaves a block open.`);
  return all;
}

function balance(lines: readonly string[]): number[] {
  const text = lines.join('\n');
  const count = (bracket: string): number => text.split(bracket).length - 1;
  return [count('{') - count('}'), count('(') - count(')'), count('[') - count(']')];
}

const files = [...sources];

test('the kernels have files', () => {
  expect(files.length).toBeGreaterThan(30);
});

test.each(files)('%s has 250 lines at most', (_, { text }) => {
  expect(text.split('\n').length).toBeLessThanOrEqual(250);
});

test.each(files)('%s opens no bracket in a branch that it does not close there', (_, file) => {
  for (const { line, lines } of branches(file)) {
    expect(balance(lines), `${file.name}, line ${line}`).toEqual([0, 0, 0]);
    // Nor does it close one first.
    let depth = 0;
    for (const one of lines) {
      for (const letter of one) {
        if (letter === '{') depth++;
        if (letter === '}') expect(--depth, `${file.name}, line ${line}`).toBeGreaterThanOrEqual(0);
      }
    }
  }
});

test.each(files)('in %s a directive switches two lines at most', (_, file) => {
  for (const { kind, line, lines } of branches(file)) {
    if (kind === 'for') continue;
    const switched = lines.filter((text) => text !== '');
    expect(switched.length, `${file.name}, line ${line}`).toBeLessThanOrEqual(2);
  }
});

test.each(files)('%s, where it is a kernel, begins with its formula and shapes', (_, { text }) => {
  if (!text.includes('@compute')) return;
  expect(text).toMatch(/^\/\/ .*\([A-Za-z]/);
});

test('files and folders are spelt in camel case', () => {
  for (const [name] of files) expect(name).toMatch(/^[a-z][a-zA-Z0-9]*\/[a-z][a-zA-Z0-9]*$/);
});
