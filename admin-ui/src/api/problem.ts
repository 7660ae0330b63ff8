/**
 * What went wrong with a call, as a value a page can show: the sentences of RFC 9457
 * `application/problem+json` in both languages, the stable code for the help desk, the fields
 * concerned. A call that never reached the portal is a problem as well (`NETWORK_UNREACHABLE`).
 */
import type { Language } from '../i18n/dictionary.ts';

export type Messages = Readonly<Record<Language, string>>;

/** One fault of one field; `page` only where the call concerns a whole application. */
export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly messages: Messages;
  readonly page?: number;
}

/** Where the portal names no moment to come again. */
const RETRY_S = 5;
const FINAL = new Set([403, 404, 410]);

export class ApiProblem extends Error {
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  readonly code: string;
  readonly messages: Messages;
  readonly errors: readonly FieldProblem[];
  readonly retryAfterS: number | null;

  constructor(options: {
    status: number;
    code: string;
    messages: Messages;
    errors?: readonly FieldProblem[];
    retryAfterS?: number | null;
    cause?: unknown;
  }) {
    super(options.code, { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.messages = options.messages;
    this.errors = options.errors ?? [];
    this.retryAfterS = options.retryAfterS ?? null;
  }

  /** Nothing was done and it passes by itself: in about so many seconds. Null for all else. */
  get passesInS(): number | null {
    const isPassing = this.status === 0 ? this.code === 'NETWORK_UNREACHABLE' : this.status === 503;
    return isPassing ? (this.retryAfterS ?? RETRY_S) : null;
  }

  /** Asked again, it is answered the same: not for this person, not there, no longer there. */
  get isFinal(): boolean {
    return FINAL.has(this.status);
  }
}

/** Reads an answer that is not 2xx; never throws, whatever the body is. */
export async function problemFromResponse(response: Response): Promise<ApiProblem> {
  const body = await readJson(response);
  const code = text(body.code) ?? `HTTP_${response.status}`;
  return new ApiProblem({
    status: response.status,
    code,
    messages: messagesFrom(body) ?? fallbackMessages(response.status),
    errors: fieldProblems(body.errors),
    retryAfterS: retryAfter(response),
  });
}

/** The problem of a call that got no answer at all. */
export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem({ status: 0, code: 'NETWORK_UNREACHABLE', messages: offline, cause });
}

/** Any thrown value as a problem, so that a page has one thing to show. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({ status: 0, code: 'UNEXPECTED', messages: unexpected, cause: error });
}

const offline: Messages = {
  it: 'Il servizio non risponde. Controlla la connessione: quello che hai scritto resta in questa pagina.',
  en: 'The service does not answer. Check your connection: what you typed stays on this page.',
};
const unexpected: Messages = {
  it: 'Qualcosa non ha funzionato in questa pagina. Ricaricala e riprova.',
  en: 'Something went wrong on this page. Reload it and try again.',
};

function fallbackMessages(status: number): Messages {
  if (status === 404) {
    return { it: 'Non abbiamo trovato quello che cerchi.', en: 'We could not find that.' };
  }
  if (status === 429 || status === 503) {
    return {
      it: 'Il sistema è molto occupato. Riprova tra qualche secondo: non si perde niente.',
      en: 'The system is very busy. Try again in a few seconds: nothing is lost.',
    };
  }
  return {
    it: 'Il servizio non è riuscito a rispondere. Riprova tra poco.',
    en: 'The service could not answer. Try again shortly.',
  };
}

async function readJson(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return isRecord(body) ? body : {};
  } catch {
    return {}; // a proxy's error page is no JSON: the status alone must do
  }
}

function messagesFrom(body: Record<string, unknown>): Messages | null {
  const both = body.messages;
  if (isRecord(both)) {
    const [it, en] = [text(both.it), text(both.en)];
    if (it && en) return { it, en };
  }
  const one = text(body.detail) ?? text(body.title);
  return one ? { it: one, en: one } : null;
}

function fieldProblems(list: unknown): FieldProblem[] {
  if (!Array.isArray(list)) return [];
  return list.filter(isRecord).map((item) => ({
    field: text(item.field) ?? '',
    code: text(item.code) ?? '',
    messages: messagesFrom(item) ?? fallbackMessages(422),
    ...(typeof item.page === 'number' ? { page: item.page } : {}),
  }));
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
