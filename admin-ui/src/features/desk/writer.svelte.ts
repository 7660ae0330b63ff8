/**
 * What is being written on a ticket: an answer for the user and a note for the desk, each with a
 * text of its own, so that changing from one to the other never turns a note into a mail. Both are
 * kept on this device until they are sent.
 */
import type { KeptPage, UnsavedAnswers } from '../../session/unsaved-answers.ts';

export type Mode = 'answer' | 'note';
const modes = ['answer', 'note'] as const;

export class Writer {
  mode = $state<Mode>('answer');
  #texts = $state<Record<Mode, string>>({ answer: '', note: '' });
  readonly #kept: Readonly<Record<Mode, KeptPage>>;

  constructor(unsaved: UnsavedAnswers, ticket: string) {
    this.#kept = { answer: unsaved.page(ticket, 0), note: unsaved.page(ticket, 1) };
    for (const mode of modes) this.#texts[mode] = this.#kept[mode].read() ?? '';
    if (this.#texts.answer === '' && this.#texts.note !== '') this.mode = 'note';
  }

  get text(): string {
    return this.#texts[this.mode];
  }

  set text(text: string) {
    this.#texts[this.mode] = text;
    if (text === '') this.#kept[this.mode].drop();
    else this.#kept[this.mode].keep(text);
  }

  readonly isWriting = $derived(modes.some((mode) => this.#texts[mode].trim() !== ''));

  /** Adds a paragraph to the answer, whatever is being written now. */
  insert(text: string): void {
    this.mode = 'answer';
    const before = this.text.trimEnd();
    this.text = before === '' ? text : `${before}\n\n${text}`;
  }

  /** What was written has been sent. */
  sent(mode: Mode): void {
    this.#texts[mode] = '';
    this.#kept[mode].drop();
  }
}
