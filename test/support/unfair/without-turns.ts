/** `node --import` this before the gate's process: it deals places in order of arrival. */
import { replaceIn } from './replacement.ts';

replaceIn('gate/', './turn.ts', new URL('./arrival-order.ts', import.meta.url).href);
