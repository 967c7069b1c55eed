import { z } from 'zod';
import { specSchema } from './spec.ts';

/** The JSON Schema (draft 2020-12) of a spec as a user writes it, as the file that is published. */
export function schemaText(): string {
  const schema = z.toJSONSchema(specSchema, { io: 'input', target: 'draft-2020-12' });
  return `${JSON.stringify({ title: 'layerlab experiment', ...schema }, null, 2)}\n`;
}
