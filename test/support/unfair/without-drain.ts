/** `node --import` this before the gate's process: its door goes by the time of reading. */
import { replaceIn } from './replacement.ts';

replaceIn('gate/', './opening.ts', new URL('./read-time-opening.ts', import.meta.url).href);
