export { attention, attentionScratch } from './attention';
export { gelu, tanhGelu } from './gelu';
export { addAndNorm, embed } from './layerNorm';
export { matmul } from './matmul';
export { packColumns, packRows, packTransposed } from './pack';
export { pool } from './pool';
export { softmax } from './softmax';
