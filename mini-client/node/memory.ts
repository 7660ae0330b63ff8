/**
 * How much memory this program takes before V8 collects what is no longer used. By itself V8 lets
 * the heap double first, which is quickest and costs nothing while little is allocated: right for
 * the opening, when no pause may come. Checking receipts and drawing the summary leave garbage of
 * many times what they need, and nobody waits for a millisecond then.
 */
import { setFlagsFromString } from 'node:v8';

/** Per cent of what is in use after a collection that may come on top of it. */
const GROWTH_PERCENT = 10;

/** For work on which no instant depends. V8 reads both after each collection. */
export function growSparingly(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
}

/** As V8 would by itself: before the opening. */
export function growFreely(): void {
  setFlagsFromString('--no-optimize-for-size');
  setFlagsFromString('--heap-growing-percent=0');
}
