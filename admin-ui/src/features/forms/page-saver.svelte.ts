/**
 * The answers of one page and their saving: a second after the last change, at once when the
 * person leaves the page. Nothing typed is lost: until the portal has confirmed, the answers also
 * lie on this device, through a lost connection, an ended session or a closed window.
 *
 *   saved ──change──► unsaved ──► saving ──► saved
 *                        ▲           ├──► offline   (tried again every few seconds)
 *                        └───────────┤
 *                                    ├──► conflict  (the person chooses a version)
 *                                    └──► refused   (the next change tries again)
 */
import type { FieldValue, FormValues } from '#protocol/forms/index.ts';
import type { PageAnswer } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { KeptPage } from '../../session/unsaved-answers.ts';

export type SavingState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict' | 'refused';

const waitMs = 1_000;
const retryMs = 5_000;

export class PageSaver {
  values = $state.raw<FormValues>({});
  savedAt = $state<string | null>(null);
  state = $state<SavingState>('saved');
  problem = $state.raw<ApiProblem | null>(null);

  readonly #api: ApiClient;
  readonly #id: string;
  readonly #number: number;
  readonly #kept: KeptPage;
  readonly #valuesToSave: () => FormValues;
  #version = 0;
  #changes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: Promise<void> | null = null;

  constructor(options: {
    api: ApiClient;
    id: string;
    number: number;
    kept: KeptPage;
    valuesToSave: () => FormValues;
  }) {
    this.#api = options.api;
    this.#id = options.id;
    this.#number = options.number;
    this.#kept = options.kept;
    this.#valuesToSave = options.valuesToSave;
  }

  /** Takes the stored answers; true when newer ones were found on this device and laid over. */
  open(answer: PageAnswer): boolean {
    this.#take(answer);
    const kept = this.#kept.read();
    if (kept === null) return false;
    this.values = JSON.parse(kept) as FormValues;
    this.#changed();
    return true;
  }

  /** An empty text takes the answer away. */
  set(field: string, value: FieldValue | ''): void {
    const { [field]: _before, ...others } = this.values;
    this.values = value === '' ? others : { ...others, [field]: value };
    this.#changed();
  }

  /** Saves now what is not saved; resolves when it is settled, also when that failed. */
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#underWay) await this.#underWay;
    if (this.state === 'saved' || this.state === 'conflict' || this.#kept.isForgotten()) return;
    this.#underWay = this.#send().finally(() => {
      this.#underWay = null;
    });
    await this.#underWay;
  }

  /** After a conflict: what is written here becomes the next version. */
  async keepMine(): Promise<void> {
    await this.#afterConflict((theirs) => {
      this.#version = theirs.version;
      this.state = 'unsaved';
    });
    await this.save();
  }

  /** After a conflict: what was saved elsewhere is shown, what is written here is dropped. */
  async takeTheirs(): Promise<void> {
    await this.#afterConflict((theirs) => {
      this.#take(theirs);
      this.#kept.drop();
      this.state = 'saved';
    });
  }

  #take(answer: PageAnswer): void {
    this.values = answer.values as FormValues;
    this.savedAt = answer.savedAt;
    this.#version = answer.version;
  }

  #changed(): void {
    this.#changes += 1;
    this.#kept.keep(JSON.stringify(this.values));
    if (this.state === 'conflict') return;
    this.state = 'unsaved';
    this.#later(waitMs);
  }

  #later(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), delayMs);
  }

  async #send(): Promise<void> {
    const changes = this.#changes;
    this.state = 'saving';
    try {
      const body = { values: { ...this.#valuesToSave() }, version: this.#version };
      const answer = await this.#api.savePage(this.#id, this.#number, body);
      this.#version = answer.version;
      this.savedAt = answer.savedAt;
      this.problem = null;
      if (changes !== this.#changes) return this.#changedMeanwhile();
      this.#kept.drop();
      this.state = 'saved';
    } catch (error) {
      this.#failed(asProblem(error));
    }
  }

  async #afterConflict(settle: (theirs: PageAnswer) => void): Promise<void> {
    try {
      settle(await this.#api.page(this.#id, this.#number));
    } catch (error) {
      this.problem = asProblem(error); // the conflict stays and can be settled again
    }
  }

  #changedMeanwhile(): void {
    this.state = 'unsaved';
    this.#later(waitMs);
  }

  #failed(problem: ApiProblem): void {
    this.problem = problem;
    if (problem.code === 'VERSION_CONFLICT') {
      this.state = 'conflict';
    } else if (problem.status === 0 || problem.status >= 500 || problem.status === 429) {
      this.state = 'offline';
      this.#later(retryMs);
    } else {
      this.state = 'refused';
    }
  }
}
