import * as Comlink from 'comlink';
import { trustOwnScripts } from '../../src/base/trustedScripts.ts';
import { createLab } from './createLab.ts';

trustOwnScripts();
Comlink.expose(createLab());
