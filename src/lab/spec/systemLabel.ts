import { listOf } from './copiedLayers.ts';
import type { TrainSpec } from './spec.ts';
import { readSystem } from './systemName.ts';

/** How pooling is written behind a layer. */
const poolings: Readonly<Record<string, string>> = {
  'both false': 'both copies',
  'both true': 'both copies, [CLS]',
  'first false': 'first copy',
  'first true': 'first copy, [CLS]',
};

const trainedName = /^de-(\d+)-(ce|de|rand|adaptive)(?:-(\d+)|-layers((?:-\d+)+))?$/;

/** What stands behind the depth where it is no model's short name. */
const starts: Readonly<Record<string, string>> = { rand: 'Rand', adaptive: 'Adaptive' };

/** What a loss is called on screen. */
export const lossLabels: Readonly<Record<TrainSpec['loss'], string>> = {
  mnrl: 'MNRL',
  mse: 'MSE',
  'margin-mse': 'Margin-MSE',
  kl: 'KL',
};
const taughtName = /^(de-\d+.*?)-(margin-mse|mse|kl)$/;

/** What a system of a comparison is called on screen; its name in a spec is a key. */
export function systemLabel(name: string): string {
  const system = readSystem(name);
  switch (system.type) {
    case 'bm25':
      return 'BM25';
    case 'baseline':
      return 'Baseline';
    case 'layer': {
      const { kind, layer, pooling } = system;
      const pooled = [
        ...(pooling?.segments ? [poolings[`${pooling.segments} ${pooling.cls}`]] : []),
        ...(pooling?.weights === 'idf' ? ['IDF weights'] : []),
      ];
      return `${kind.toUpperCase()} layer ${layer}${pooled.length > 0 ? ` (${pooled.join(', ')})` : ''}`;
    }
    case 'static':
      return `Static ${system.kind.toUpperCase()}${system.weights === 'idf' ? ', IDF' : ''}`;
    case 'run':
      return system.file;
    case 'asymmetric':
    case 'fused':
      return name;
    case 'model':
      return `${modelLabel(system.source.slice(system.source.indexOf(':') + 1))}${system.layer === undefined ? '' : `, layer ${system.layer}`}`;
  }
}

/** What a trained model is called: `de-2-ce` is the paper's DE-2 CE. */
export function modelLabel(name: string): string {
  const [, untaught, loss] = taughtName.exec(name) ?? [];
  if (untaught !== undefined) {
    const label = lossLabels[loss as TrainSpec['loss']];
    const short = /^de-(\d+)$/.exec(untaught);
    return short ? `DE-${short[1]} ${label}` : `${modelLabel(untaught)}, ${label}`;
  }
  const [, layers, from, copied, chosen] = trainedName.exec(name) ?? [];
  if (layers === undefined || from === undefined) return name;
  const start = starts[from] ?? from.toUpperCase();
  if (chosen !== undefined) {
    const numbers = chosen.slice(1).split('-').map(Number);
    return `DE-${layers} ${start}, ${numbers.length === 1 ? 'layer' : 'layers'} ${listOf(numbers)} copied`;
  }
  if (copied === undefined) return `DE-${layers} ${start}`;
  return `DE-${layers} ${start}, ${copied === '0' ? 'embeddings' : copied} copied`;
}
