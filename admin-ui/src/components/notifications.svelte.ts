/**
 * Short results of an action ("Pagina salvata"), shown at the bottom and read by screen readers
 * politely. They are never the only place where something important is said, and they stay until
 * they are closed or the next one comes: nobody has to read against the clock.
 */
export type NotificationKind = 'success' | 'info' | 'error';

export interface Notification {
  readonly kind: NotificationKind;
  readonly text: string;
}

export class Notifications {
  current = $state<Notification | null>(null);

  show(kind: NotificationKind, text: string): void {
    this.current = { kind, text };
  }

  close(): void {
    this.current = null;
  }
}
