/** The files of one application: what may be added, what is, and what is under way. */
import {
  ATTACHMENT_BYTES_MAX,
  type Attachment,
  type AttachmentsAnswer,
} from '#protocol/attachments-api.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { ApiProblem, asProblem } from '../../api/problem.ts';

export type Kind = AttachmentsAnswer['kinds'][number];

export class Documents {
  application = $state.raw<Application | null>(null);
  answer = $state.raw<AttachmentsAnswer | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  /** The last refusal of each kind. */
  refused = $state.raw<Readonly<Record<string, ApiProblem>>>({});
  /** The kind that is being sent. */
  sending = $state<string | null>(null);

  readonly #api: ApiClient;
  readonly #path: string;
  readonly #id: string;

  constructor(options: { api: ApiClient; id: string }) {
    this.#api = options.api;
    this.#id = options.id;
    this.#path = `/api/applications/${encodeURIComponent(options.id)}/attachments`;
  }

  readonly isOpen = $derived(this.application?.status === 'draft');

  async load(): Promise<void> {
    try {
      this.application = await this.#api.application(this.#id);
      this.answer = await this.#api.ask<AttachmentsAnswer>(this.#path);
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  }

  filesOf(kind: string): readonly Attachment[] {
    return this.answer?.attachments.filter((file) => file.kind === kind) ?? [];
  }

  /** True when it was added. A file that is too large is refused before it is sent. */
  async add(kind: string, file: File): Promise<boolean> {
    const { [kind]: _before, ...others } = this.refused;
    this.refused = others;
    this.sending = kind;
    try {
      if (file.size > ATTACHMENT_BYTES_MAX) throw tooLarge();
      const body = new FormData();
      body.set('file', file);
      await this.#api.ask(`${this.#path}?kind=${encodeURIComponent(kind)}`, {
        method: 'POST',
        body,
      });
      await this.load();
      return true;
    } catch (error) {
      this.refused = { ...this.refused, [kind]: asProblem(error) };
      return false;
    } finally {
      this.sending = null;
    }
  }

  async remove(file: Attachment): Promise<boolean> {
    try {
      await this.#api.ask(this.urlOf(file), { method: 'DELETE' });
      await this.load();
      return true;
    } catch (error) {
      this.refused = { ...this.refused, [file.kind]: asProblem(error) };
      return false;
    }
  }

  urlOf(file: Attachment): string {
    return `${this.#path}/${file.id}`;
  }
}

function tooLarge(): ApiProblem {
  return new ApiProblem({
    status: 413,
    code: 'ATTACHMENT_TOO_LARGE',
    messages: {
      it: 'Il file supera 2 MB: riducine la qualità o dividilo in più file.',
      en: 'The file is larger than 2 MB: lower its quality or split it into several files.',
    },
  });
}
