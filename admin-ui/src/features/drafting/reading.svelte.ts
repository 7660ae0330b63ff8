/** An application to be read: its form, the answers that the portal has, its files. */
import type { AttachmentsAnswer } from '#protocol/attachments-api.ts';
import {
  type CodeTable,
  type FormDefinition,
  type FormValues,
  readTable,
} from '#protocol/forms/index.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';

export class Reading {
  application = $state.raw<Application | null>(null);
  form = $state.raw<FormDefinition | null>(null);
  values = $state.raw<FormValues>({});
  files = $state.raw<AttachmentsAnswer | null>(null);
  tables = $state.raw<Readonly<Record<string, CodeTable>>>({});
  problem = $state.raw<ApiProblem | null>(null);

  readonly #api: ApiClient;
  readonly #id: string;

  constructor(options: { api: ApiClient; id: string }) {
    this.#api = options.api;
    this.#id = options.id;
  }

  async load(): Promise<void> {
    try {
      const application = await this.#api.application(this.#id);
      const form = await this.#api.model(application.model, application.modelVersion);
      const path = `/api/applications/${encodeURIComponent(this.#id)}/attachments`;
      const [files, ...pages] = await Promise.all([
        this.#api.ask<AttachmentsAnswer>(path),
        ...form.pages.map(({ number }) => this.#api.page(this.#id, number)),
      ]);
      this.tables = await this.#tablesOf(form);
      this.values = Object.assign({}, ...pages.map((page) => page.values));
      this.files = files;
      this.form = form;
      this.application = application;
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  async #tablesOf(form: FormDefinition): Promise<Record<string, CodeTable>> {
    const schemas = form.pages.flatMap((page) => Object.values(page.schema.properties));
    const names = [...new Set(schemas.flatMap((schema) => schema['x-table'] ?? []))];
    const read = async (name: string) => [name, readTable(await this.#api.table(name))] as const;
    return Object.fromEntries(await Promise.all(names.map(read)));
  }
}
