/** What of the lab's code runs a spec in Node; Vite loads it, which knows how kernels import their text. */
export { setRuntimeHost } from '../../src/lab/models/runtime.ts';
export { mergeParts } from '../../src/lab/pipeline/mergeParts.ts';
export { readPart } from '../../src/lab/pipeline/part.ts';
export { readRerankPart } from '../../src/lab/pipeline/rerankPart.ts';
export { runRerank } from '../../src/lab/pipeline/runRerank.ts';
export { runShard } from '../../src/lab/pipeline/runShard.ts';
export { createExplore } from '../../workers/explore/createExplore.ts';
export { LabState } from '../../workers/lab/labState.ts';
export { runCalls } from '../../workers/lab/runCalls.ts';
export { runServices } from '../../workers/lab/runServices.ts';
