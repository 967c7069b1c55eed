import * as Comlink from 'comlink';
import { createLab } from './createLab.ts';

Comlink.expose(createLab());
