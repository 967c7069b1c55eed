import * as Comlink from 'comlink';
import { createExplore } from './createExplore.ts';

Comlink.expose(createExplore());
