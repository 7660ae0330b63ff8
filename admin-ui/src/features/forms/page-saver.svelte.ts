/**
 * The answers of one page and their saving: a second after the last change, at once when the
 * person leaves the page. Nothing typed is lost: until the portal has confirmed, the answers also
 * lie on this device, through a lost connection, an ended session or a closed window.
 *
 *   saved ──change──► unsaved ──► saving ──► saved
 *                        ▲           ├──► offline   (tried again every few seconds)
 *                        └───────────┤
 *                                    ├──► conflict  (both changed a field: the person chooses)
 *                                    └──► refused   (the next change tries again)
 */
import type { FieldValue, FormValues } from '#protocol/forms/index.ts';
import type { PageAnswer } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { KeptPage } from '../../session/unsaved-answers.ts';
import { type Clash, mergeAnswers } from './merge.ts';

export type SavingState = 'saved' | 'unsaved' | 'saving' | 'offline' | 'conflict' | 'refused';

const waitMs = 1_000;
const retryS = 5;

export class PageSaver {
  values = $state.raw<FormValues>({});
  savedAt = $state<string | null>(null);
  state = $state<SavingState>('saved');
  problem = $state.raw<ApiProblem | null>(null);
  /** Fields that were changed here and elsewhere, while the person has not chosen. */
  clashes = $state.raw<readonly Clash[]>([]);
  /** Changes from elsewhere have come into this page without a question. */
  hasMerged = $state(false);

  readonly #api: ApiClient;
  readonly #id: string;
  readonly #number: number;
  readonly #kept: KeptPage;
  readonly #valuesToSave: () => FormValues;
  readonly #random: () => number;
  #version = 0;
  /** What was written here, and what the portal has of it, when both last agreed. */
  #sent: FormValues = {};
  #base: FormValues = {};
  #changes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: Promise<void> | null = null;

  constructor(options: {
    api: ApiClient;
    id: string;
    number: number;
    kept: KeptPage;
    valuesToSave: () => FormValues;
    /** Spreads the tries of many pages. */
    random: () => number;
  }) {
    this.#api = options.api;
    this.#id = options.id;
    this.#number = options.number;
    this.#kept = options.kept;
    this.#valuesToSave = options.valuesToSave;
    this.#random = options.random;
  }

  /** Takes the stored answers; true when unsaved ones were found on this device and laid over. */
  open(answer: PageAnswer): boolean {
    this.#take(answer);
    const kept = keptFrom(this.#kept.read());
    if (kept === null) return false;
    this.values = kept.values;
    if (kept.version !== undefined && kept.version !== answer.version) {
      this.#sent = kept.sent;
      this.#base = kept.base;
      this.#meet(answer);
    } else this.#changed();
    return true;
  }

  /** Shows what was saved elsewhere since, when nothing here waits to be saved. */
  async refresh(): Promise<void> {
    if (this.state !== 'saved') return;
    try {
      const answer = await this.#api.page(this.#id, this.#number);
      if (this.state === 'saved' && answer.version > this.#version) this.#take(answer);
    } catch {
      // what is shown stays; saving says when the portal cannot be reached
    }
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

  /** After a conflict: of one field, what was written here or elsewhere. */
  choose(field: string, value: FieldValue | undefined): void {
    const { [field]: _before, ...others } = this.values;
    this.values = value === undefined ? others : { ...others, [field]: value };
    this.#keep();
  }

  /** After a conflict: saves what is chosen; where nothing was chosen, what is written here. */
  async settle(): Promise<void> {
    this.clashes = [];
    this.state = 'unsaved';
    await this.save();
  }

  /** After a conflict: what was saved elsewhere wins in every field that was changed twice. */
  async takeTheirs(): Promise<void> {
    for (const { field, theirs } of this.clashes) this.choose(field, theirs);
    await this.settle();
  }

  #take(answer: PageAnswer): void {
    this.values = answer.values as FormValues;
    this.#agree(answer, this.values);
  }

  #agree(answer: PageAnswer, sent: FormValues): void {
    this.savedAt = answer.savedAt;
    this.#version = answer.version;
    this.#base = answer.values as FormValues;
    this.#sent = sent;
  }

  /** Puts together what was saved elsewhere and what is written here. */
  #meet(theirs: PageAnswer): void {
    const { values: mine } = this;
    const sides = { sent: this.#sent, base: this.#base, mine, tidy: this.#valuesToSave() };
    const merged = mergeAnswers({ ...sides, theirs: theirs.values as FormValues });
    this.#agree(theirs, theirs.values as FormValues);
    this.values = merged.values;
    this.clashes = merged.clashes;
    this.hasMerged = true;
    if (merged.clashes.length > 0) this.state = 'conflict';
    this.#changed();
  }

  #keep(): void {
    const { values } = this;
    const kept = { values, version: this.#version, sent: this.#sent, base: this.#base };
    this.#kept.keep(JSON.stringify(kept));
  }

  #changed(): void {
    this.#changes += 1;
    this.#keep();
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
    const sent = this.values;
    this.state = 'saving';
    try {
      const body = { values: { ...this.#valuesToSave() }, version: this.#version };
      const answer = await this.#api.savePage(this.#id, this.#number, body);
      this.#agree(answer, sent);
      this.problem = null;
      if (changes !== this.#changes) return this.#changedMeanwhile();
      this.#kept.drop();
      this.state = 'saved';
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'VERSION_CONFLICT') await this.#reconcile();
      else this.#failed(problem);
    }
  }

  async #reconcile(): Promise<void> {
    try {
      this.#meet(await this.#api.page(this.#id, this.#number));
    } catch (error) {
      this.#failed(asProblem(error)); // the next try meets the same conflict
    }
  }

  #changedMeanwhile(): void {
    this.#keep();
    this.state = 'unsaved';
    this.#later(waitMs);
  }

  #failed(problem: ApiProblem): void {
    this.problem = problem;
    if (problem.status === 0 || problem.status >= 500 || problem.status === 429) {
      this.state = 'offline';
      this.#later((problem.passesInS ?? retryS) * 1_000 * (1 + this.#random()));
    } else {
      this.state = 'refused';
    }
  }
}

interface Kept {
  readonly values: FormValues;
  /** Undefined in what an earlier program kept: the values alone. */
  readonly version: number | undefined;
  readonly sent: FormValues;
  readonly base: FormValues;
}

function keptFrom(text: string | null): Kept | null {
  if (text === null) return null;
  const kept = JSON.parse(text) as Record<string, unknown>;
  return typeof kept.version === 'number' && typeof kept.values === 'object'
    ? (kept as unknown as Kept)
    : { values: kept as FormValues, version: undefined, sent: {}, base: {} };
}
