import * as Comlink from 'comlink';
import { createLab } from './lab/lab.ts';

export type {
  Estimate,
  LabWorker,
  Machine,
  ModelPreview,
  StoredSummary,
} from './lab/lab.ts';

Comlink.expose(createLab());
