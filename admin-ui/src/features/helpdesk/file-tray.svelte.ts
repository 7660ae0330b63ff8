/**
 * Files chosen to go with a message: refused at once where that can be known, sent one after the
 * other, and what the portal refuses is said at the file. What was sent is not sent again.
 */
import { type ApiProblem, asProblem, type Messages } from '../../api/problem.ts';
import { type FileRefusal, refusalOf } from './file-rules.ts';

export interface ChosenFile {
  readonly key: number;
  readonly file: File;
  readonly isSent: boolean;
  /** Why it will not do, as far as this page knows. */
  readonly refusal: FileRefusal | null;
  /** Why it will not do, in the portal's words. */
  readonly messages: Messages | null;
}

export class FileTray {
  files = $state.raw<readonly ChosenFile[]>([]);
  isSending = $state(false);
  #keys = 0;

  readonly isGood = $derived(this.files.every(({ refusal, messages }) => !refusal && !messages));
  readonly sent = $derived(this.files.filter(({ isSent }) => isSent).length);

  add(chosen: Iterable<File>): void {
    for (const file of chosen) {
      this.#keys += 1;
      const refusal = refusalOf(file, this.files.length);
      const added = { key: this.#keys, file, isSent: false, refusal, messages: null };
      this.files = [...this.files, added];
    }
  }

  remove(key: number): void {
    this.files = this.files.filter((each) => each.key !== key);
  }

  empty(): void {
    this.files = [];
  }

  /** Sends what is not sent yet; true when all of it is. */
  async send(attach: (file: File) => Promise<unknown>): Promise<boolean> {
    this.isSending = true;
    for (const { key, file } of this.files.filter((each) => !each.isSent && !each.refusal)) {
      try {
        await attach(file);
        this.#change(key, { isSent: true, messages: null });
      } catch (error) {
        const problem: ApiProblem = asProblem(error);
        this.#change(key, { messages: problem.errors[0]?.messages ?? problem.messages });
      }
    }
    this.isSending = false;
    return this.files.every(({ isSent }) => isSent);
  }

  #change(key: number, to: Partial<ChosenFile>): void {
    this.files = this.files.map((each) => (each.key === key ? { ...each, ...to } : each));
  }
}
