import * as Comlink from 'comlink';
import { trustOwnScripts } from '../../src/base/trustedScripts.ts';
import { createExplore } from './createExplore.ts';
import { openGraphApart } from './openGraphApart.ts';

trustOwnScripts();
Comlink.expose(createExplore(openGraphApart));
