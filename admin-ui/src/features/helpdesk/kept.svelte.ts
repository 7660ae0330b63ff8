/**
 * What is being typed, kept on this device until it is sent: closing the page, a lost connection or
 * an ended session lose nothing. It lies with the unsaved answers of forms, under its account, and
 * goes with them when the person leaves.
 */
import type { KeptPage } from '../../session/unsaved-answers.ts';

export class Kept<T extends Record<string, unknown>> {
  values: T;
  readonly #place: KeptPage;
  readonly #empty: string;

  constructor(options: { place: KeptPage; empty: T }) {
    this.#place = options.place;
    this.#empty = JSON.stringify(options.empty);
    const values = $state({ ...options.empty, ...read(options.place) });
    this.values = values;
  }

  /** For an effect: keeps what is typed now. */
  keep = (): void => {
    const text = JSON.stringify(this.values);
    if (text === this.#empty) this.#place.drop();
    else this.#place.keep(text);
  };

  /** It was sent. */
  drop(): void {
    Object.assign(this.values, JSON.parse(this.#empty));
    this.#place.drop();
  }
}

/** What lies there may be of an older page: whatever is no object is nothing. */
function read(place: KeptPage): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(place.read() ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
