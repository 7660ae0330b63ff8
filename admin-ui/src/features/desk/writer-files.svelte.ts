/**
 * The files that go with what is written: one tray for the answer and one for the note, so that a
 * file meant for the desk never goes to the user. The text goes first and its files after it; those
 * that could not be sent stay, and are sent to the same message when tried again.
 */
import { FileTray } from '../helpdesk/file-tray.svelte.ts';
import type { Mode } from './writer.svelte.ts';

export class WriterFiles {
  readonly #trays: Readonly<Record<Mode, FileTray>> = {
    answer: new FileTray(),
    note: new FileTray(),
  };
  /** The message that went, while some of its files have not. */
  #waiting = $state<Readonly<Partial<Record<Mode, string>>>>({});

  tray = (mode: Mode): FileTray => this.#trays[mode];
  hasFiles = (mode: Mode): boolean => this.tray(mode).files.length > 0;

  /** The text has gone, some files have not. */
  isWaiting = (mode: Mode): boolean =>
    this.#waiting[mode] !== undefined && this.hasFiles(mode) && !this.tray(mode).isSending;

  /** Sends the files of a mode with `message`; without one, with that which waits for them. */
  async send(
    mode: Mode,
    message: string | undefined,
    attach: (message: string, file: File) => Promise<unknown>,
  ): Promise<void> {
    const target = message ?? this.#waiting[mode];
    const tray = this.tray(mode);
    if (target === undefined || tray.files.length === 0) return;
    this.#waiting = { ...this.#waiting, [mode]: target };
    if (!(await tray.send((file) => attach(target, file)))) return;
    tray.empty();
    const { [mode]: _sent, ...others } = this.#waiting;
    this.#waiting = others;
  }
}
