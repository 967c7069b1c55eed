/** `npm run schema`: writes the JSON Schema of a spec that is published with the page. */
import { writeFileSync } from 'node:fs';
import { schemaText } from '../src/lab/spec/schema.ts';

writeFileSync(new URL('../public/spec.schema.json', import.meta.url), schemaText());
