/**
 * An application being filled in: its definition, the answers of all its pages, the code tables,
 * and what is wrong with it by the same checks as the portal's (`#protocol/forms`). Saving is
 * `page-saver.svelte.ts`, one for each page.
 */
import {
  type CodeTable,
  type FieldError,
  type FieldValue,
  type FormDefinition,
  type FormPage,
  type FormValues,
  normalisePage,
  pageOf,
  readTable,
  tablesFrom,
  validateAll,
  validatePage,
  visibleFields,
} from '#protocol/forms/index.ts';
import type { Application, PageAnswer } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { UnsavedAnswers } from '../../session/unsaved-answers.ts';
import { PageSaver } from './page-saver.svelte.ts';

const romeDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' });

export class FormSession {
  application = $state.raw<Application | null>(null);
  definition = $state.raw<FormDefinition | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  /** True when typed but unsaved answers of an earlier visit were found on this device. */
  restored = $state(false);
  tables = $state.raw<Readonly<Record<string, CodeTable>>>({});
  savers = $state.raw<Readonly<Record<number, PageSaver>>>({});

  readonly #api: ApiClient;
  readonly #id: string;
  readonly #nowMs: () => number | null;
  readonly #unsaved: UnsavedAnswers;
  readonly #random: () => number;

  constructor(options: {
    api: ApiClient;
    id: string;
    nowMs: () => number | null;
    unsaved: UnsavedAnswers;
    random: () => number;
  }) {
    this.#api = options.api;
    this.#id = options.id;
    this.#nowMs = options.nowMs;
    this.#unsaved = options.unsaved;
    this.#random = options.random;
  }

  /** Answers of all pages as typed so far. */
  readonly allValues: FormValues = $derived(
    Object.assign({}, ...Object.values(this.savers).map((saver) => saver.values)),
  );

  async load(): Promise<void> {
    try {
      const application = await this.#api.application(this.#id);
      const definition = await this.#api.model(application.model, application.modelVersion);
      const numbers = definition.pages.map((page) => page.number);
      const answers = await Promise.all(numbers.map((number) => this.#api.page(this.#id, number)));
      this.#open(definition, answers);
      this.application = application;
      this.problem = null;
      void this.#loadTables(definition);
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  page(number: number): FormPage | null {
    return this.definition ? (pageOf(this.definition, number) ?? null) : null;
  }

  /** Names of the fields asked on a page now, in reading order. */
  visible(page: FormPage): ReadonlySet<string> {
    return new Set(visibleFields(page, this.allValues));
  }

  errorsOf(number: number): readonly FieldError[] {
    if (!this.definition) return [];
    return validatePage(this.definition, number, this.normalised(number), this.#context());
  }

  /** What is missing or wrong in the whole application. */
  allErrors(): readonly FieldError[] {
    if (!this.definition) return [];
    const all = this.definition.pages.map((page) => this.normalised(page.number));
    const { todayIso, tables } = this.#context();
    return validateAll(this.definition, Object.assign({}, ...all), { todayIso, tables });
  }

  isComplete(number: number): boolean {
    return this.errorsOf(number).length === 0;
  }

  set(number: number, field: string, value: FieldValue | ''): void {
    this.savers[number]?.set(field, value);
  }

  /** Saves what is not saved yet on every page, for the moment of leaving or of making ready. */
  async saveAll(): Promise<void> {
    await Promise.all(Object.values(this.savers).map((saver) => saver.save()));
  }

  /** Shows what was saved elsewhere since, for the moment of coming back to this window. */
  async refresh(number: number): Promise<void> {
    await this.savers[number]?.refresh();
  }

  async makeReady(): Promise<void> {
    this.application = await this.#api.makeReady(this.#id);
  }

  /** The answers of a page as the portal keeps them. */
  normalised(number: number): FormValues {
    const values = this.savers[number]?.values ?? {};
    return this.definition ? normalisePage(this.definition, number, values, this.allValues) : {};
  }

  #open(definition: FormDefinition, answers: readonly PageAnswer[]): void {
    const savers = definition.pages.map((page, index) => {
      const saver = new PageSaver({
        api: this.#api,
        id: this.#id,
        number: page.number,
        kept: this.#unsaved.page(this.#id, page.number),
        valuesToSave: () => this.normalised(page.number),
        random: this.#random,
      });
      const answer = answers[index];
      if (answer && saver.open(answer)) this.restored = true;
      return [page.number, saver] as const;
    });
    this.definition = definition;
    this.savers = Object.fromEntries(savers);
  }

  async #loadTables(definition: FormDefinition): Promise<void> {
    const schemas = definition.pages.flatMap((page) => Object.values(page.schema.properties));
    const names = new Set(schemas.flatMap((schema) => schema['x-table'] ?? []));
    for (const name of names) void this.#loadTable(name);
  }

  async #loadTable(name: string): Promise<void> {
    try {
      const table = readTable(await this.#api.table(name));
      this.tables = { ...this.tables, [name]: table };
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  #context() {
    const tables = tablesFrom(Object.values(this.tables));
    const nowMs = this.#nowMs() ?? Date.parse(this.application?.updatedAt ?? '2000-01-01');
    return { todayIso: romeDay.format(nowMs), tables, allValues: this.allValues };
  }
}
