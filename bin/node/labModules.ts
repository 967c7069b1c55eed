/** What of the lab's code runs a spec in Node; Vite loads it, which knows how kernels import their text. */
export { setRuntimeHost } from '../../src/lab/models/runtime.ts';
export { createExplore } from '../../workers/explore/createExplore.ts';
export { createLab } from '../../workers/lab/createLab.ts';
