/** `node --import` this before the gate's process: it deals places in order of arrival. */
import { replaceInGate } from './replacement.ts';

replaceInGate('./turn.ts', new URL('./arrival-order.ts', import.meta.url).href);
