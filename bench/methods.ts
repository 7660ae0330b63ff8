/** Sentences on how figures are measured that several scenarios share in their sections. */

export const CLOSED_LOOP = `Closed loop: every connection keeps the given number of submissions in
flight, so latency is that of a saturated server. The first fifth of each run is warm-up and left
out of rate and latency.`;

export const COUNTS = `A run counts only when every acknowledgement is in the store afterwards with
the same number and stamp and nothing is there twice; the gate's only when its whole ledger verifies
as well.`;

export const ONE_CLOCK = `Real gate processes; all senders in one process, so that one monotonic
clock times them all.`;
