import { UserError } from '../../base/userError.ts';
import type { Spec } from '../spec/spec.ts';

/** @throws UserError for a spec of which there are no parts */
export function refuseUnsharded(spec: Spec): void {
  const refused = (field: string, what: string): UserError =>
    new UserError(`${what}, which --shard does not split; leave it out, or run it without --shard.`, {
      field,
    });
  if (spec.train.length > 0) throw refused('train', 'asks for training');
  if (spec.keep.includes('embeddings')) throw refused('keep', 'asks for embeddings');
  if (!spec.layerwise.enabled) {
    throw new UserError(
      'is false, and leaves nothing to split by documents; set it to true, or compare by --stage rerank.',
      {
        field: 'layerwise.enabled',
      },
    );
  }
}

/** @throws UserError for a spec of whose comparison there are no parts */
export function refuseUncompared({ compare, train }: Spec): void {
  if (!compare.enabled) {
    throw new UserError('is not there, and leaves nothing to rerank; write what is compared.', {
      field: 'compare',
    });
  }
  if (train.length > 0) {
    throw new UserError('asks for training, which --stage rerank does not do; name the trained model.', {
      field: 'train',
    });
  }
  if (compare.speed) {
    throw new UserError('asks for timing, which parts do not do; set it to false.', {
      field: 'compare.speed',
    });
  }
}
