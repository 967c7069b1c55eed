/** What a kernel's text is specialised by: numbers and words are pasted, booleans switch lines on and off. */
export type Constant = number | boolean | string;
export type Constants = Readonly<Record<string, Constant>>;

export interface SourceFile {
  /** Path below the kernels' folder. */
  readonly name: string;
  readonly text: string;
}

/** A line of the expanded text, and where it was written. */
export interface SourceLine {
  readonly text: string;
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
}

/** The file that another one includes by a name. */
export type FindInclude = (name: string, from: SourceFile) => SourceFile | undefined;

export const directive = /^\s*#(for|if|else|end|include)\b\s*(.*)$/;
const include = /^"([^"]+)"((?:\s+[a-zA-Z]+=\S+)*)$/;
/** Files within files; more means that they include one another in a circle. */
const mostDepth = 16;

type Scope = ReadonlyMap<string, Constant>;

class Expansion {
  readonly lines: SourceLine[] = [];
  readonly #find: FindInclude;

  constructor(find: FindInclude) {
    this.#find = find;
  }

  file(source: SourceFile, scope: Scope, depth: number): void {
    const texts = source.text.replace(/\n$/, '').split('\n');
    this.#block(
      texts.map((text, index) => ({ text, file: source.name, line: index + 1 })),
      source,
      scope,
      depth,
    );
  }

  #block(lines: readonly SourceLine[], source: SourceFile, scope: Scope, depth: number): void {
    for (let i = 0; i < lines.length; i++) {
      const line = lines[i]!;
      const found = directive.exec(line.text);
      if (!found) {
        this.lines.push({ ...line, text: paste(line, scope) });
        continue;
      }
      const [, kind, argument = ''] = found;
      if (kind === 'include') {
        this.#include(
          { ...line, text: paste({ ...line, text: argument.trim() }, scope) },
          source,
          scope,
          depth,
        );
        continue;
      }
      if (kind !== 'for' && kind !== 'if') fail(line, `there is no open block for #${kind}`);
      const { end, middle } = blockEnd(lines, i);
      const [name = '', count = ''] = argument.trim().split(/\s+/);
      if (kind === 'for') {
        const times = /^\d+$/.test(count) ? Number(count) : Number(lookUp(scope, count, line));
        for (let step = 0; step < times; step++) {
          this.#block(lines.slice(i + 1, end), source, new Map(scope).set(name, step), depth);
        }
      } else {
        const value = lookUp(scope, name.replace(/^!/, ''), line);
        if (typeof value !== 'boolean') fail(line, `${name} is "${value}", which is neither true nor false`);
        const holds = name.startsWith('!') ? !value : value;
        const [from, to] = holds ? [i + 1, middle ?? end] : [(middle ?? end) + 1, end];
        this.#block(lines.slice(from, to), source, scope, depth);
      }
      i = end;
    }
  }

  #include(line: SourceLine, source: SourceFile, scope: Scope, depth: number): void {
    const [, name, given = ''] = include.exec(line.text) ?? fail(line, 'write #include "name" key=value');
    const file = this.#find(name!, source) ?? fail(line, `there is no "${name}" to include`);
    if (depth === mostDepth) fail(line, `"${name}" includes itself`);
    const inner = new Map(scope);
    for (const [, key, value] of given.matchAll(/([a-zA-Z]+)=(\S+)/g)) {
      inner.set(key!, value === 'true' || value === 'false' ? value === 'true' : value!);
    }
    this.file(file, inner, depth + 1);
  }
}

function fail({ file, line }: SourceLine, what: string): never {
  throw new Error(`${file}, line ${line}: ${what}.`);
}

function lookUp(scope: Scope, name: string, line: SourceLine): Constant {
  return scope.get(name) ?? fail(line, `"${name}" is not among the kernel's constants`);
}

function paste(line: SourceLine, scope: Scope): string {
  return line.text.replace(/\$([a-zA-Z][a-zA-Z0-9]*)/g, (_, name: string) =>
    String(lookUp(scope, name, line)),
  );
}

/** Indices of the lines that end the block opened at `from` and begin its `else`, if it has one. */
function blockEnd(lines: readonly SourceLine[], from: number): { end: number; middle: number | undefined } {
  let depth = 0;
  let middle: number | undefined;
  for (let i = from + 1; i < lines.length; i++) {
    const kind = directive.exec(lines[i]!.text)?.[1];
    if (kind === 'for' || kind === 'if') depth++;
    else if (kind === 'else' && depth === 0) middle = i;
    else if (kind === 'end' && depth-- === 0) return { end: i, middle };
  }
  return fail(lines[from]!, 'this block has no #end');
}

/**
 * Specialises a kernel's text, so that register tiles are unrolled and unused parts are gone before any compiler sees
 * it (drivers differ in what they unroll).
 *
 * - `#include "name" key=value …` puts another file in its place, in which `$key` is the value.
 * - `#for I COUNT` … `#end` repeats with `$I` = 0, 1, ….
 * - `#if NAME` or `#if !NAME`, `#else`, `#end` chooses.
 * - `$NAME` pastes.
 *
 * `enable` lines go first, where WGSL wants them.
 */
export function preprocess(
  files: readonly SourceFile[],
  constants: Constants,
  findInclude: FindInclude,
): SourceLine[] {
  const expansion = new Expansion(findInclude);
  const scope = new Map(Object.entries(constants));
  for (const file of files) expansion.file(file, scope, 0);
  const isEnable = ({ text }: SourceLine): boolean => text.startsWith('enable ');
  const { lines } = expansion;
  return [...lines.filter(isEnable), ...lines.filter((line) => !isEnable(line))];
}
