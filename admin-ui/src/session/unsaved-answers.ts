/**
 * Answers that were typed and that the portal has not confirmed yet, kept on this device. Each lies
 * under the account that typed it: another account that logs in here never gets to see it, and
 * `forget` removes all of the account that leaves, also from the forms that are still open.
 *
 *     clickday.unsaved.<account>.<application>.<page>
 */
const PREFIX = 'clickday.unsaved';

/** The place of one page's unsaved answers. */
export interface KeptPage {
  read(): string | null;
  keep(text: string): void;
  drop(): void;
  /** True when the person left: nothing of this page is to be kept or sent any more. */
  isForgotten(): boolean;
}

export class UnsavedAnswers {
  readonly #storage: Storage;
  readonly #account: () => string | undefined;
  readonly #forms = new Set<() => Promise<void>>();
  #departures = 0;

  /** `account` is the id of whoever is logged in, undefined for nobody. */
  constructor(options: { storage: Storage; account: () => string | undefined }) {
    this.#storage = options.storage;
    this.#account = options.account;
  }

  /** The place of a page of the account that is logged in now, also when another one is later. */
  page(application: string, number: number): KeptPage {
    const key = `${this.#prefix()}${application}.${number}`;
    const departures = this.#departures;
    const isForgotten = () => this.#departures !== departures;
    return {
      read: () => this.#storage.getItem(key),
      keep: (text) => {
        if (!isForgotten()) this.#storage.setItem(key, text);
      },
      drop: () => this.#storage.removeItem(key),
      isForgotten,
    };
  }

  /** An open form is asked to save before the person leaves; the result ends that. */
  follow(save: () => Promise<void>): () => void {
    this.#forms.add(save);
    return () => this.#forms.delete(save);
  }

  /** How many pages of this account are still not saved after another try. */
  async countLeft(): Promise<number> {
    await Promise.all([...this.#forms].map((save) => save()));
    return this.#keys().length;
  }

  /** Removes all of this account from this device. */
  forget(): void {
    this.#departures += 1;
    for (const key of this.#keys()) this.#storage.removeItem(key);
  }

  #prefix(): string {
    return `${PREFIX}.${this.#account() ?? 'nobody'}.`;
  }

  #keys(): string[] {
    const prefix = this.#prefix();
    const keys = Array.from({ length: this.#storage.length }, (_, at) => this.#storage.key(at));
    return keys.filter((key) => key?.startsWith(prefix) === true) as string[];
  }
}
