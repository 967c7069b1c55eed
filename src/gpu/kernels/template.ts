/** What a kernel's text is specialised by: numbers and names are pasted, booleans switch parts on and off. */
export type Constants = Readonly<Record<string, number | boolean | string>>;

type Scope = Map<string, number | boolean | string>;

const directive = /^\s*\/\/#(for|if|else|end)\b\s*(.*)$/;

function lookUp(scope: Scope, name: string): number | boolean | string {
  const value = scope.get(name);
  if (value === undefined) throw new Error(`A kernel's text names ${name}, which it is not given.`);
  return value;
}

function paste(line: string, scope: Scope): string {
  return line.replace(/\$([a-zA-Z][a-zA-Z0-9]*)/g, (_, name: string) => String(lookUp(scope, name)));
}

/** Index of the line that ends the block opened before `from`, and of its `else` if it has one. */
function blockEnd(lines: readonly string[], from: number): { end: number; middle: number } {
  let depth = 0;
  let middle = -1;
  for (let i = from; i < lines.length; i++) {
    const kind = directive.exec(lines[i] ?? '')?.[1];
    if (kind === 'for' || kind === 'if') depth++;
    else if (kind === 'else' && depth === 0) middle = i;
    else if (kind === 'end' && depth-- === 0) return { end: i, middle };
  }
  throw new Error('A kernel has a block without its end.');
}

function expand(lines: readonly string[], scope: Scope, out: string[]): void {
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const found = directive.exec(line);
    if (!found) {
      out.push(paste(line, scope));
      continue;
    }
    const { end, middle } = blockEnd(lines, i + 1);
    const [name = '', count = ''] = (found[2] ?? '').trim().split(/\s+/);
    if (found[1] === 'for') {
      const times = /^\d+$/.test(count) ? Number(count) : Number(lookUp(scope, count));
      for (let step = 0; step < times; step++) {
        expand(lines.slice(i + 1, end), new Map(scope).set(name, step), out);
      }
    } else {
      const holds = name.startsWith('!') ? !lookUp(scope, name.slice(1)) : Boolean(lookUp(scope, name));
      if (holds) expand(lines.slice(i + 1, middle < 0 ? end : middle), scope, out);
      else if (middle >= 0) expand(lines.slice(middle + 1, end), scope, out);
    }
    i = end;
  }
}

/**
 * Specialises a kernel's text, so that register blocks are unrolled and unused parts are gone before any
 * compiler sees it (drivers differ in what they unroll). WGSL stays legible, as the directives are comments:
 * `//#for I COUNT` ... `//#end` repeats with `$I` = 0, 1, ...; `//#if NAME` or `//#if !NAME`, `//#else`,
 * `//#end` chooses; `$NAME` pastes.
 */
export function specialise(source: string, constants: Constants): string {
  const out: string[] = [];
  expand(source.split('\n'), new Map(Object.entries(constants)), out);
  return out.join('\n');
}
