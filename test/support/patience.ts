/**
 * How long one step of a test waits for what must come, ms. It only ends what hangs: on a slow
 * machine beside other tests a process takes half a minute to start, and the workshop of receipts,
 * nineteen steps nicer than everything else, minutes for some hundred receipts.
 */
export const PATIENCE_MS = 240_000;
