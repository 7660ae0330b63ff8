/** How a serving process speaks with the supervisor that started it: ready, and the end. */

export interface Ready {
  readonly role: 'gate' | 'portal';
  readonly host: string;
  readonly port: number;
  /** One-time link for the first administrator, when there is none yet. */
  readonly setupLink?: string;
}

/** Tells the supervisor that this process serves. */
export function announceReady(ready: Ready): void {
  process.send?.({ ready }, () => undefined); // who is dead hears nothing: `disconnect` follows
}

/**
 * Ends the process politely, once, on SIGTERM, SIGINT, or when the supervisor is gone. `close` must
 * have an end of its own.
 */
export function endOnSignals(close: () => Promise<void>): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
}
