import { posix } from 'node:path';
import { parseSync } from 'vite';

/**
 * Folder or file to the folders and files that it may import, besides itself. Whatever lies below a named folder
 * belongs to it, unless a longer name fits. No order is implied: what is not listed is not allowed.
 */
export type Floors = Readonly<Record<string, readonly string[]>>;

/** One import of a file of the repository: where it stands and what it reaches. */
interface Import {
  readonly file: string;
  readonly line: number;
  readonly target: string;
  /** Whether the file runs what it reaches: not where it takes types alone, or starts a worker. */
  readonly runs: boolean;
}

/** The repository's own TypeScript files: path, as `src/base/units.ts`, to source. */
export type Sources = ReadonlyMap<string, string>;

/** @returns one line a fault, each with the file and line to change; empty where the floors hold */
export function checkFloors(floors: Floors, sources: Sources): string[] {
  const imports = [...sources].flatMap(([file, source]) => importsOf(file, source));
  return [...tableFaults(floors), ...floorFaults(floors, sources, imports), ...cycleFaults(imports)];
}

/**
 * Every file that runs where `entry` does: what it imports, at once or later, and what that imports. Types are nothing
 * that runs, and a worker runs elsewhere.
 * @returns each file reached, with the path of imports that leads to it
 */
export function reachedFrom(entry: string, sources: Sources): Map<string, readonly string[]> {
  const reached = new Map<string, readonly string[]>([[entry, [entry]]]);
  for (const [file, path] of reached) {
    for (const { target, runs } of importsOf(file, sources.get(file) ?? '')) {
      if (runs && !reached.has(target)) reached.set(target, [...path, target]);
    }
  }
  return reached;
}

/** Every relative import of a file: static, dynamic, of types alone, re-exports, and workers by URL. */
function importsOf(file: string, source: string): Import[] {
  const found: Import[] = [];
  const note = (specifier: unknown, start: number, runs: boolean): void => {
    if (typeof specifier !== 'string' || !specifier.startsWith('.')) return;
    const target = posix.join(posix.dirname(file), specifier.replace(/\?.*$/, ''));
    found.push({ file, line: source.slice(0, start).split('\n').length, target, runs });
  };
  visit(parseSync(file, source).program, (node) => {
    if (importing.has(node.type)) {
      const from = (node.source as Node | null)?.value;
      const ofTypes = [node.importKind, node.exportKind].includes('type') || node.type === 'TSImportType';
      note(from, node.start, !ofTypes && !/\?(?:.*&)?worker\b/.test(String(from)));
    }
    if (node.type === 'NewExpression' && (node.callee as Node).name === 'URL') {
      const [first, second] = node.arguments as Node[];
      if (second?.type === 'MemberExpression' && /\.tsx?$/.test(String(first?.value))) {
        note(first?.value, node.start, false);
      }
    }
  });
  return found;
}

interface Node extends Readonly<Record<string, unknown>> {
  readonly type: string;
  readonly start: number;
}

const importing = new Set([
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
  'TSImportType',
]);

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const part of value) visit(part, see);
  } else if (typeof value === 'object' && value !== null) {
    if ('type' in value && 'start' in value) see(value as Node);
    for (const part of Object.values(value)) visit(part, see);
  }
}

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** The longest name of the table that a path belongs to. */
function floorOf(floors: Floors, path: string): string | undefined {
  return Object.keys(floors)
    .filter((name) => within(path, name))
    .sort((a, b) => b.length - a.length)[0];
}

function floorFaults(floors: Floors, sources: Sources, imports: readonly Import[]): string[] {
  const homeless = [...sources.keys()]
    .filter((file) => !floorOf(floors, file))
    .map((file) => `${file} has no floor; name its folder, and what it may import, in floors.json.`);
  const upward = imports.flatMap(({ file, line, target }) => {
    const own = floorOf(floors, file);
    if (!own || floorOf(floors, target) === own) return [];
    if (floors[own]!.some((name) => within(target, name))) return [];
    return `${file}, line ${line}: ${own} may not import ${target}; floors.json allows it ${listed(floors[own]!)}.`;
  });
  return [...homeless, ...upward];
}

const listed = (names: readonly string[]): string => (names.length > 0 ? names.join(', ') : 'nothing');

/** Cycles of the table itself. What an entry names may be a folder of several floors, as `src/lab`. */
function tableFaults(floors: Floors): string[] {
  const names = Object.keys(floors);
  const edges = new Map(
    names.map((name) => [
      name,
      names.filter((other) => other !== name && floors[name]!.some((allowed) => within(other, allowed))),
    ]),
  );
  return cyclesOf(edges).map((cycle) => `floors.json lets floors import each other: ${cycle.join(' → ')}.`);
}

function cycleFaults(imports: readonly Import[]): string[] {
  const edges = new Map<string, string[]>();
  for (const { file, target } of imports) edges.set(file, [...(edges.get(file) ?? []), target]);
  return cyclesOf(edges).map((cycle) => {
    const { file, line } = imports.find((one) => one.file === cycle[0] && one.target === cycle[1])!;
    return `${file}, line ${line}: closes a cycle: ${cycle.join(' → ')}.`;
  });
}

/** One cycle for each back edge of a depth-first walk; each ends where it begins. */
function cyclesOf(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const walk = (name: string): void => {
    const seen = path.indexOf(name);
    if (seen >= 0) {
      cycles.push([...path.slice(seen), name]);
      return;
    }
    if (done.has(name)) return;
    path.push(name);
    for (const next of edges.get(name) ?? []) walk(next);
    path.pop();
    done.add(name);
  };
  for (const name of edges.keys()) walk(name);
  return cycles;
}
