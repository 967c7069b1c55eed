import { z } from 'zod';
import { readAnswer } from './repository.ts';
import { request } from './request.ts';

/** Tasks under which the hub lists what the lab takes for each role. */
const tasks = {
  ce: ['text-ranking'],
  de: ['sentence-similarity', 'feature-extraction'],
} as const;

/** Families of which the lab builds the graph where a repository has weights alone; the hub tags them so. */
const builtFamilies = ['bert', 'roberta', 'xlm-roberta', 'electra', 'mpnet', 'modernbert'];

const baseTag = /^base_model:(?:[a-z]+:)?([^:]+\/[^:]+)$/;

const listedSchema = z.array(
  z.looseObject({
    id: z.string(),
    downloads: z.number().default(0),
    tags: z.array(z.string()).default([]),
    gated: z.union([z.boolean(), z.string()]).nullish(),
    siblings: z.array(z.looseObject({ rfilename: z.string() })).default([]),
  }),
);

/** A model of the hub that the lab can run. */
export interface HubModel {
  /** OWNER/NAME */
  readonly id: string;
  /** Of the last 30 days. */
  readonly downloads: number;
  /** ONNX files; none where the graph is built of the weights. */
  readonly graphs: readonly string[];
  /** OWNER/NAME of the models that it was trained from. */
  readonly bases: readonly string[];
  /** Whether terms have to be accepted first. */
  readonly gated: boolean;
}

export interface ModelSearch {
  readonly kind: 'ce' | 'de';
  /** Part of the name; empty for any. */
  readonly text: string;
  readonly most?: number;
  readonly signal?: AbortSignal;
}

/**
 * Models of the hub by role and name that have ONNX files, or weights of a family that the lab builds the graph of;
 * the most downloaded first.
 * @throws UserError where the hub does not answer
 */
export async function searchModels(
  hub: string,
  { kind, text, most = 30, signal }: ModelSearch,
): Promise<HubModel[]> {
  const found = new Map<string, HubModel>();
  for (const task of tasks[kind]) {
    for (const library of ['onnx', 'safetensors']) {
      const query = new URLSearchParams({
        pipeline_tag: task,
        library,
        sort: 'downloads',
        direction: '-1',
        limit: String(most),
        full: 'true',
        ...(text.trim() === '' ? {} : { search: text.trim() }),
      });
      const what = "the hub's list of models";
      const response = await request(`${hub}/api/models?${query}`, what, { signal });
      for (const listed of await readAnswer(response, listedSchema, what)) {
        const model = usable(listed);
        if (model) found.set(model.id, model);
      }
    }
  }
  return [...found.values()]
    .sort((a, b) => b.downloads - a.downloads || (a.id < b.id ? -1 : 1))
    .slice(0, most);
}

function usable(listed: z.infer<typeof listedSchema>[number]): HubModel | null {
  const { id, downloads, tags, gated, siblings } = listed;
  const files = siblings.map(({ rfilename }) => rfilename);
  const graphs = files.filter((path) => /^(onnx\/)?[^/]+\.onnx$/.test(path));
  const weights = files.some((path) => /^model\.safetensors(\.index\.json)?$/.test(path));
  const built = weights && tags.some((tag) => builtFamilies.includes(tag));
  if (graphs.length === 0 && !built) return null;
  const bases = tags.flatMap((tag) => baseTag.exec(tag)?.[1] ?? []);
  return { id, downloads, graphs, bases: [...new Set(bases)], gated: Boolean(gated) };
}
