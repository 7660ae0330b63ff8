/** `node --import` this before the gate's process: it keeps no public log. */
import { replaceIn } from './replacement.ts';

const NO_LOG = new URL('./no-log.ts', import.meta.url).href;
replaceIn('commands/gate-process.ts', '#engine/log/index.ts', NO_LOG);
