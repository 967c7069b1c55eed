import * as Comlink from 'comlink';
import { trustOwnScripts } from '../../src/base/trustedScripts.ts';
import { openGraphApart } from '../graph/openGraphApart.ts';
import { createExplore } from './createExplore.ts';

trustOwnScripts();
Comlink.expose(createExplore(openGraphApart));
