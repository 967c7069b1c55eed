import { UserError } from '../src/base/userError.ts';
import { inLab, labOptions } from './inLab.ts';
import { inspectOptions } from './inspectOptions.ts';

const usage = `Usage: npm run lab -- inspect --query TEXT --document TEXT [options]

Prints as one JSON document what every layer of a cross encoder (CE) and a dual encoder (DE)
makes of two texts: tokens, cosine, MaxSim, and the CE's logit and attention across them.

  --ce SOURCE   the cross encoder; bundled:mini-ce without
  --de SOURCE   the dual encoder; bundled:mini-de without
  --layer K     adds the matrices of layer K: similarities token by token, and attention
  --models DIR, --runtime WHICH, --provider WHICH, --threads N, --cache DIR, --no-cache,
  --adapter WHICH
                as for run
  --help        this text`;

/** `inspect`: what every layer makes of two texts, as JSON. */
export async function inspect(argv: readonly string[]): Promise<void> {
  if (argv.length === 0 || argv.includes('--help')) {
    console.log(usage);
    return;
  }
  const { spec, texts, flags } = inspectOptions(argv);
  await inLab(labOptions(flags), async (lab, printer) => {
    const document = await lab.inspect(spec, texts);
    printer.end();
    const { layers } = document;
    if (texts.layer !== null && !layers.some(({ layer }) => layer === texts.layer)) {
      throw new UserError(
        `--layer is ${texts.layer}, but the models have layers 0 to ${layers.at(-1)?.layer}; name one of these.`,
      );
    }
    console.log(JSON.stringify(document, null, 1));
  });
}
