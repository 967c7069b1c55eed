import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { UserError } from '../src/base/userError.ts';
import type { NeighboursRequest } from '../src/lab/explore/listNeighbours.ts';
import { parseSpec } from '../src/lab/spec/parse.ts';
import type { Spec } from '../src/lab/spec/spec.ts';
import { inLab, labFlags, labOptions } from './inLab.ts';
import { specIn } from './specIn.ts';

const usage = `Usage: npm run lab -- neighbours [SPEC.json] [options]

Searches a collection for texts at every layer of both models and by BM25, and prints a line of
JSON a list: {"collection", "query": {"id", "text"}, "model", "layer", "hits": [{"rank", "id",
"score", "relevant"}]}. "relevant" is said of the collection's own queries.

  SPEC.json           models, pooling, length and ties; its first collection is searched
  --ce SOURCE         the cross encoder; bundled:mini-ce without a spec
  --de SOURCE         the dual encoder; bundled:mini-de without a spec
  --collection SOURCE as bundled:foldoc, local:NAME, hub:OWNER/NAME@REVISION
  --documents N       search a sample of so many documents, those judged relevant among them
  --text TEXT         what to search for; may be given several times
  --texts FILE        the same, a text a line
  --query ID          a query of the collection; may be given several times
  --all-queries       all of them
  --depth N           documents a list; 10 without
  --models DIR, --data DIR, --runtime WHICH, --provider WHICH, --threads N, --cache DIR,
  --no-cache, --adapter WHICH
                      as for run
  --help              this text`;

const flags = {
  ...labFlags,
  ce: { type: 'string' },
  de: { type: 'string' },
  collection: { type: 'string' },
  documents: { type: 'string' },
  text: { type: 'string', multiple: true },
  texts: { type: 'string' },
  query: { type: 'string', multiple: true },
  'all-queries': { type: 'boolean', default: false },
  depth: { type: 'string', default: '10' },
  help: { type: 'boolean', default: false },
} as const;

function read(argv: readonly string[]) {
  return parseArgs({ args: [...argv], allowPositionals: true, options: flags });
}

type Values = ReturnType<typeof read>['values'];

function whole(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new UserError(`${option} takes a whole number from 1, not "${text}".`);
  return Number(text);
}

function linesIn(file: string | undefined): string[] {
  if (file === undefined) return [];
  if (!existsSync(file)) throw new UserError('there is no such file; name one with a text a line.', { file });
  return readFileSync(file, 'utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
}

function specOf(file: string | undefined, { ce, de, collection, documents }: Values): Spec {
  const given = file === undefined ? null : specIn(file);
  const [first] = given?.datasets ?? [];
  const source = collection ?? first?.source;
  if (source === undefined) throw new UserError('neighbours needs a SPEC.json or --collection SOURCE.');
  const dataset = first?.source === source ? first : { source };
  return parseSpec({
    ...given,
    models: {
      ce: ce === undefined ? (given?.models.ce ?? { source: 'bundled:mini-ce' }) : { source: ce },
      de: de === undefined ? (given?.models.de ?? { source: 'bundled:mini-de' }) : { source: de },
    },
    datasets: [
      documents === undefined ? dataset : { ...dataset, documents: whole('--documents', documents) },
    ],
  });
}

function requestOf(file: string | undefined, values: Values): NeighboursRequest {
  const texts = [...(values.text ?? []), ...linesIn(values.texts)];
  const queries = values['all-queries'] ? 'all' : (values.query ?? []);
  if (texts.length === 0 && queries.length === 0) {
    throw new UserError('neighbours needs --text, --texts, --query or --all-queries: what to search for.');
  }
  return { spec: specOf(file, values), texts, queries, depth: whole('--depth', values.depth) };
}

/** `neighbours`: what every layer finds for texts, a line of JSON a list on stdout. */
export async function neighbours(argv: readonly string[]): Promise<void> {
  const { values, positionals } = read(argv);
  if (values.help || argv.length === 0) {
    console.log(usage);
    return;
  }
  const [file, ...rest] = positionals;
  if (rest.length > 0) throw new UserError('neighbours takes at most one SPEC.json.');
  const request = requestOf(file, values);
  await inLab(labOptions(values), async (lab, printer) => {
    await lab.neighbours(request, (event) => {
      if (event.type === 'line') console.log(JSON.stringify(event.line));
      else printer.showExploring(event);
    });
  });
}
