/**
 * What a combobox shows: the text in its input, the answers found, the one under the arrow keys.
 */
import { type Choice, findChoices } from './choices.ts';

const countMax = 30;

export class ComboboxState {
  /** What is being typed, or null while the input shows the chosen answer. */
  typed = $state<string | null>(null);
  active = $state(0);
  open = $state(false);

  readonly #choices: () => readonly Choice[];
  readonly #value: () => string;

  constructor(options: { choices: () => readonly Choice[]; value: () => string }) {
    this.#choices = options.choices;
    this.#value = options.value;
  }

  readonly found: readonly Choice[] = $derived.by(() =>
    this.open ? findChoices(this.#choices(), this.typed ?? '', countMax) : [],
  );
  readonly isCut = $derived(this.found.length === countMax);
  readonly #shown = $derived.by(() => {
    const value = this.#value();
    return this.#choices().find((choice) => choice.code === value)?.text ?? value;
  });

  get text(): string {
    return this.typed ?? this.#shown;
  }

  type(text: string): void {
    this.typed = text;
    this.open = true;
    this.active = 0;
  }

  close(): void {
    this.open = false;
    this.typed = null;
    this.active = 0;
  }

  /** Handles an arrow key or Escape; false for every other key. */
  press(key: string): boolean {
    if (key === 'Escape') {
      const wasOpen = this.open;
      this.open = false;
      return wasOpen;
    }
    if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
    if (!this.open) {
      this.open = true;
      this.active = 0;
      return true;
    }
    const count = Math.max(1, this.found.length);
    this.active = (this.active + (key === 'ArrowDown' ? 1 : count - 1)) % count;
    return true;
  }
}
