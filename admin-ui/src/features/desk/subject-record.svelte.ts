/** What the desk reads beside a ticket: who asks, their applications and other tickets. */
import type { DeskSubject } from '#protocol/desk-api.ts';
import { type ApiProblem, asProblem } from '../../api/problem.ts';
import type { Placeholders } from './canned.ts';
import type { DeskClient } from './client.ts';

export class SubjectRecord {
  known = $state.raw<DeskSubject | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  readonly #id: string;
  readonly #client: DeskClient;

  constructor(options: { id: string; client: DeskClient }) {
    this.#id = options.id;
    this.#client = options.client;
  }

  async load(): Promise<void> {
    try {
      this.known = await this.#client.subject(this.#id);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  /** What canned answers may say of the application that a ticket is about. */
  placeholdersOf(application: string | null): Placeholders {
    const found = this.known?.applications.find(({ id }) => id === application);
    return {
      ...(found?.title ? { application: found.title } : {}),
      ...(found?.protocol ? { protocol: found.protocol } : {}),
    };
  }
}
