/** `node --import` this before the gate's process: its door goes by the time of reading. */
import { replaceInGate } from './replacement.ts';

replaceInGate('./opening.ts', new URL('./read-time-opening.ts', import.meta.url).href);
