/**
 * Who else has the ticket open, told and asked every 20 s while the page is in sight. Nobody is
 * kept from anything by it, so that trouble with it is no trouble of the page: then nobody else is
 * shown.
 */
import type { DeskPresenceAnswer } from '#protocol/desk-api.ts';
import type { DeskClient, PresenceState } from './client.ts';

const EVERY_MS = 20_000;

export class Presence {
  others = $state.raw<DeskPresenceAnswer['others']>([]);
  #state: PresenceState = 'reading';
  readonly #tell: (state: PresenceState) => Promise<DeskPresenceAnswer>;
  readonly #onVersion: (version: number) => void;

  constructor(options: {
    id: string;
    client: DeskClient;
    onVersion: (version: number) => void;
  }) {
    this.#tell = (state) => options.client.presence(options.id, state);
    this.#onVersion = options.onVersion;
  }

  /** Whether something is being written; told at once when it changes. */
  write(isWriting: boolean): void {
    const state = isWriting ? 'writing' : 'reading';
    if (state === this.#state) return;
    this.#state = state;
    void this.#ask();
  }

  /** The result says goodbye. */
  start(): () => void {
    void this.#ask();
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') void this.#ask();
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      void this.#tell('left').catch(() => undefined); // it is forgotten by itself after 45 s
    };
  }

  async #ask(): Promise<void> {
    try {
      const { others, version } = await this.#tell(this.#state);
      this.others = others;
      this.#onVersion(version);
    } catch {
      this.others = []; // who else is here is not known
    }
  }
}
