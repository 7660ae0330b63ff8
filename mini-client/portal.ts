/**
 * The portal's HTTP API as far as the mini-client needs it, over an injected `fetch`.
 *
 * Every answer is checked against the contract's types once, here. A refusal, an answer that is
 * not the contract's and a portal that cannot be reached all become `PortalTrouble` with a stable
 * code and a sentence in the person's language.
 */
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DeviceCodes, type DeviceRequest } from '#protocol/device-api.ts';
import { type Download, DownloadsAnswer } from '#protocol/downloads.ts';
import { outcomeOf } from '#protocol/outcomes.ts';
import {
  Account,
  Application as ApiApplication,
  ClickDayView as ApiClickDay,
  SessionAnswer as ApiSession,
  GatesAnswer,
  type Language,
  PassbooksAnswer,
  TimeAnswer,
} from '#protocol/portal-api.ts';
import { PracticeAnswer, PracticeLine } from '#protocol/rehearsals-api.ts';
import { compileCheck, parsedJson } from './core/index.ts';

// Only what is used here is checked: an older client must live with a newer portal.
const Application = Type.Pick(ApiApplication, [
  'id',
  'model',
  'status',
  'title',
  'clickDay',
  'readyAt',
]);
export type Application = Static<typeof Application>;
const ApplicationsAnswer = Type.Object({
  applications: Type.Array(Application),
  next: Type.Union([Type.String(), Type.Null()]),
});
type ApplicationsAnswer = Static<typeof ApplicationsAnswer>;
const ClickDayView = Type.Pick(ApiClickDay, ['id', 'name', 'opensAt', 'closesAt', 'status']);
export type ClickDayView = Static<typeof ClickDayView>;
const ClickDaysAnswer = Type.Object({ clickDays: Type.Array(ClickDayView) });
const SessionAnswer = Type.Object({
  ...Type.Pick(ApiSession, ['token', 'expiresAt']).properties,
  account: Type.Pick(Account, ['id', 'email', 'mustChangePassword']),
});
export type SessionAnswer = Static<typeof SessionAnswer>;

const REQUEST_MS_MAX = 15_000;
/** A busy portal has done nothing for a request: asking again is harmless. */
const BUSY_ATTEMPTS_MAX = 6;
const BUSY_WAIT_MS_MAX = 10_000;
const PAGE_SIZE = 100;
/** A listing ends after so many pages, whatever the cursor says. */
const PAGES_MAX = 200;

/** What went wrong with a call. `status` 0: no answer. */
export class PortalTrouble extends Error {
  readonly code: string;
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(facts: { code: string; status: number; message: string; retryAfterMs?: number }) {
    super(facts.message);
    this.name = 'PortalTrouble';
    this.code = facts.code;
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
  }
}

export interface PortalOptions {
  readonly url: string;
  readonly language: Language;
  readonly token?: string;
  readonly fetch: typeof fetch;
  /** Waits: with it a portal that is busy is asked again when it says, some times. */
  readonly pause?: (ms: number) => Promise<void>;
}

export class Portal {
  readonly #options: PortalOptions;

  constructor(options: PortalOptions) {
    this.#options = options;
  }

  /** `SECOND_FACTOR_NEEDED` where the account has a second step and no code was given. */
  async login(credentials: {
    readonly email: string;
    readonly password: string;
    readonly totp?: string;
  }): Promise<SessionAnswer> {
    const body = { ...credentials, kind: 'bearer' };
    return this.#json('POST', '/api/session', SessionAnswer, body);
  }

  /** A short code for a person to type on the portal's page. */
  async askDeviceCode(request: DeviceRequest): Promise<DeviceCodes> {
    return this.#json('POST', '/api/device-codes', DeviceCodes, request);
  }

  /** The session once it is approved; `DEVICE_PENDING` until then. */
  async fetchDeviceSession(deviceCode: string): Promise<SessionAnswer> {
    return this.#json('POST', '/api/device-codes/session', SessionAnswer, { deviceCode });
  }

  async logout(): Promise<void> {
    await this.#request('DELETE', '/api/session');
  }

  async session(): Promise<SessionAnswer> {
    return this.#json('GET', '/api/session', SessionAnswer);
  }

  async time(t0: number): Promise<TimeAnswer> {
    return this.#json('GET', `/api/time?t0=${t0}`, TimeAnswer);
  }

  async clickDays(): Promise<readonly ClickDayView[]> {
    return (await this.#json('GET', '/api/click-days', ClickDaysAnswer)).clickDays;
  }

  async gates(): Promise<readonly string[]> {
    return (await this.#json('GET', '/api/gates', GatesAnswer)).gates;
  }

  /** The builds of this program that the portal hands out. */
  async downloads(): Promise<readonly Download[]> {
    return (await this.#json('GET', '/api/downloads', DownloadsAnswer)).downloads;
  }

  /** The keys of logs and seals, unchecked: `readTrustedKeys` reads them. */
  async verificationKeys(): Promise<unknown> {
    return this.#json('GET', '/api/verification-keys', Type.Unknown());
  }

  async passbooks(): Promise<readonly string[]> {
    return this.#json('POST', '/api/passbooks', PassbooksAnswer, {});
  }

  /** Every application of the account. One request a hundred. */
  async applications(): Promise<readonly Application[]> {
    const all: Application[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null && page < PAGES_MAX; page += 1) {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (cursor !== '') query.set('cursor', cursor);
      const answer: ApplicationsAnswer = await this.#json(
        'GET',
        `/api/applications?${query}`,
        ApplicationsAnswer,
      );
      all.push(...answer.applications);
      cursor = answer.next;
    }
    return all;
  }

  /** When one can practise. */
  async practice(): Promise<PracticeAnswer> {
    return this.#json('GET', '/api/practice', PracticeAnswer);
  }

  /** An application to practise with: `REHEARSAL_NONE`, `REHEARSAL_PAUSED` when there is none. */
  async practiceLine(): Promise<PracticeLine> {
    return this.#json('POST', '/api/practice/passbook', PracticeLine, {});
  }

  /** The receipt, of no value, of what a gate accepted with this number. */
  async practiceReceipt(protocol: string): Promise<Uint8Array> {
    return this.#pdf(`/api/practice/receipt.pdf?${new URLSearchParams({ protocol })}`);
  }

  /** The receipt's PDF. `RECEIPT_PENDING` while it is not there yet. */
  async receipt(application: string): Promise<Uint8Array> {
    return this.#pdf(`/api/applications/${encodeURIComponent(application)}/receipt.pdf`);
  }

  async #pdf(path: string): Promise<Uint8Array> {
    const answer = await this.#request('GET', path);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') === '%PDF-') return bytes;
    throw this.#trouble('PORTAL_ANSWER_INVALID', answer.status);
  }

  async #json<T extends TSchema>(
    method: string,
    path: string,
    schema: T,
    body?: unknown,
  ): Promise<Static<T>> {
    const answer = await this.#request(method, path, body);
    const value = parsedJson(await answer.text());
    if (compileCheck(schema).Check(value)) return value;
    throw this.#trouble('PORTAL_ANSWER_INVALID', answer.status);
  }

  async #request(method: string, path: string, body?: unknown): Promise<Response> {
    const answer = await this.#patiently(() => this.#fetch(method, path, body));
    if (answer.ok) return answer;
    const problem = parsedJson(await answer.text()) as { code?: unknown; detail?: unknown } | null;
    const code = typeof problem?.code === 'string' ? problem.code : `HTTP_${answer.status}`;
    const detail = typeof problem?.detail === 'string' ? problem.detail : undefined;
    throw this.#trouble(code, answer.status, detail, retryAfterMs(answer));
  }

  /** Waits as long as the portal asks for when it is busy. */
  async #patiently(ask: () => Promise<Response>): Promise<Response> {
    const { pause } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await ask();
      const waitMs = answer.status === 503 ? retryAfterMs(answer) : undefined;
      if (!pause || waitMs === undefined || attempt === BUSY_ATTEMPTS_MAX) return answer;
      await answer.arrayBuffer();
      await pause(Math.min(waitMs, BUSY_WAIT_MS_MAX));
    }
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Response> {
    const { url, language, token } = this.#options;
    const headers: Record<string, string> = { 'accept-language': language };
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const signal = AbortSignal.timeout(REQUEST_MS_MAX);
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    try {
      return await this.#options.fetch(new URL(path, url), { method, headers, signal, ...text });
    } catch (cause) {
      throw Object.assign(this.#trouble('PORTAL_UNREACHABLE', 0), { cause });
    }
  }

  #trouble(code: string, status: number, detail?: string, retryMs?: number): PortalTrouble {
    const message =
      detail ?? outcomeOf(code)?.[this.#options.language] ?? ownText(code, this.#options);
    const retry = retryMs === undefined ? {} : { retryAfterMs: retryMs };
    return new PortalTrouble({ code, status, message, ...retry });
  }
}

/** `Retry-After` in seconds, as the contract says it. */
function retryAfterMs(answer: Response): number | undefined {
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}

function ownText(code: string, { url, language }: PortalOptions): string {
  const italian = language === 'it';
  if (code === 'PORTAL_UNREACHABLE') {
    return italian
      ? `Il portale ${url} non risponde: controllare l’indirizzo e la connessione.`
      : `The portal ${url} does not answer: check the address and the connection.`;
  }
  return italian
    ? `Risposta inattesa del portale ${url} (${code}).`
    : `Unexpected answer of the portal ${url} (${code}).`;
}
