/**
 * Every call the web application makes, typed by the portal's own words (`#protocol/portal-api`).
 * A call resolves with the answer's body or rejects with an `ApiProblem`; nothing is retried here
 * (the caller knows whether repeating is safe). When the portal says the session is over, the
 * owner of the session is told once, whichever call it was.
 */

import type { DeviceDecision, DeviceView } from '#protocol/device-api.ts';
import type { DownloadsAnswer } from '#protocol/downloads.ts';
import type { FormDefinition, TableDocument } from '#protocol/forms/index.ts';
import type { MailState } from '#protocol/mail-api.ts';
import type {
  OpenIdBeginning,
  OpenIdLink,
  OpenIdOffer,
  OpenIdOutcome,
  OpenIdRegistration,
} from '#protocol/openid-api.ts';
import type {
  Account,
  AdminClickDay,
  AdminStatus,
  Application,
  ApplicationsAnswer,
  CallTerm,
  ClickDayChange,
  ClickDayCreation,
  ClickDayView,
  MailView,
  ModelChoice,
  ModelSummary,
  OutboxAnswer,
  PageAnswer,
  PageSaving,
  PasswordChange,
  PublishedEntry,
  Registration,
  SessionAnswer,
  Texts,
  TimeAnswer,
  VerificationKeys,
} from '#protocol/portal-api.ts';
import type { RankingHistogram, RankingPage, RankingSummary } from '#protocol/ranking/api.ts';
import type { RankingFormat } from '#protocol/ranking/lines.ts';
import type {
  By,
  FoundAnswer,
  SavedSearch,
  SavedSearchCreation,
  SearchChoices,
} from '#protocol/search-api.ts';
import type { Language } from '../i18n/dictionary.ts';
import { AccountCalls } from './account-calls.ts';
import { problemFromResponse, unreachable } from './problem.ts';

/** How applications are looked for; absent members do not restrict. */
export interface ApplicationQuery {
  readonly status?: string;
  readonly q?: string;
  /** Of an organisation's, those that the caller began. */
  readonly by?: By;
  readonly cursor?: string;
  readonly limit?: number;
}

/** Which places of a ranking; absent and empty members do not restrict. */
export interface RankingQuery {
  readonly quota?: string;
  readonly office?: string;
  readonly application?: string;
  readonly cursor?: number;
  readonly limit?: number;
}

/** The call being run: its models, its own words, the questions that lead to a model. */
export interface CallAnswer {
  readonly models: ModelSummary[];
  readonly words: Readonly<Record<string, Texts>>;
  readonly terms: readonly CallTerm[];
  readonly choice: ModelChoice | null;
}

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly body?: unknown;
  readonly etag?: string;
}

export class ApiClient {
  readonly #fetch: typeof fetch;
  readonly #language: () => Language;
  readonly #onSessionOver: () => void;
  #lastList: { path: string; etag: string; answer: ApplicationsAnswer } | null = null;

  constructor(options: {
    fetch: typeof fetch;
    language: () => Language;
    onSessionOver: () => void;
  }) {
    this.#fetch = options.fetch;
    this.#language = options.language;
    this.#onSessionOver = options.onSessionOver;
  }

  /** A call of a feature that words its calls itself. */
  request = <T>(path: string, call: Call = {}) => this.#call<T>(path, call);

  time = (t0: number) => this.#get<TimeAnswer>(`/api/time${query({ t0 })}`);
  clickDays = async () =>
    (await this.#get<{ clickDays: ClickDayView[] }>('/api/click-days')).clickDays;
  downloads = async () => (await this.#get<DownloadsAnswer>('/api/downloads')).downloads;
  gates = async () => (await this.#get<{ gates: string[] }>('/api/gates')).gates;
  call = () => this.#get<CallAnswer>('/api/models');
  models = async () => (await this.call()).models;
  /** A form as it was in that version: an application keeps the version it was begun with. */
  model = (code: string, version: number | string) =>
    this.#get<FormDefinition>(`/api/models/${encodeURIComponent(code)}${query({ version })}`);
  /** The public log's entry with a protocol number. */
  entry = (protocol: string) => this.#get<PublishedEntry>(`/api/entries${query({ protocol })}`);
  ranking = (clickDay: string, wanted: RankingQuery) =>
    this.#get<RankingPage>(`${rankingPath(clickDay)}${query({ ...wanted })}`);
  rankingSummary = (clickDay: string) =>
    this.#get<RankingSummary>(`${rankingPath(clickDay)}/summary`);
  rankingHistogram = (clickDay: string, wanted: RankingQuery) =>
    this.#get<RankingHistogram>(`${rankingPath(clickDay)}/histogram${query({ ...wanted })}`);
  offices = async () =>
    (await this.#get<{ offices: Record<string, Texts> }>('/api/offices')).offices;
  verificationKeys = () => this.#get<VerificationKeys>('/api/verification-keys');
  /**
   * A file of a gate's public log, from the gate itself; undefined when it is not to be had, for
   * whatever reason. `gate` is an address of `gates()`.
   */
  publicLog = async (gate: string, path: string): Promise<Uint8Array | undefined> => {
    const url = new URL(`/v1/log/${path}`, gate.replace(/^ws/, 'http'));
    try {
      const response = await this.#fetch(url.href, { credentials: 'omit' });
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
    } catch {
      return undefined;
    }
  };
  table = (name: string) => this.#get<TableDocument>(`/api/tables/${encodeURIComponent(name)}`);

  register = (body: Registration) => this.#post<unknown>('/api/registrations', body);
  confirm = (token: string) =>
    this.#post<{ email: string }>('/api/registrations/confirm', { token });
  setUp = (body: { token: string; password: string }) =>
    this.#post<{ email: string }>('/api/setup', body);

  /** The account of the present session, or null when nobody is logged in. */
  session = async (): Promise<Account | null> => {
    const response = await this.#send('/api/session', {});
    if (response.status === 401) return null;
    return (await this.#read<SessionAnswer>(response)).account;
  };
  logIn = async (body: { email: string; password: string; totp?: string }) =>
    (await this.#post<SessionAnswer>('/api/session', body)).account;
  /** Where to log out as well, when a provider opened the session; else null. */
  logOut = async () => (await this.#post<{ url: string | null }>('/api/openid/leave', {})).url;
  changePassword = (body: PasswordChange) => this.#post<void>('/api/account/password', body);

  /** What concerns the account itself. */
  readonly own = new AccountCalls((path, call) => this.#call(path, call));
  openId = () => this.#get<OpenIdOffer>('/api/openid');
  openIdBegin = async (body: OpenIdBeginning) =>
    (await this.#post<{ url: string }>('/api/openid/attempts', body)).url;
  openIdReturn = (query: string) => this.#post<OpenIdOutcome>('/api/openid/return', { query });
  openIdRegister = (body: OpenIdRegistration) =>
    this.#post<OpenIdOutcome>('/api/openid/accounts', body);
  openIdLink = () => this.#get<OpenIdLink>('/api/account/openid');
  openIdConfirm = () => this.#call<OpenIdOutcome>('/api/account/openid', { method: 'PUT' });
  openIdUnlink = () => this.#call<void>('/api/account/openid', { method: 'DELETE' });
  findDevice = (userCode: string) => this.#post<DeviceView>('/api/device-codes/find', { userCode });
  decideDevice = (body: DeviceDecision) => this.#post<void>('/api/device-codes/decision', body);

  /** When nothing has changed since the last time, the portal says no more than that. */
  applications = async (wanted: ApplicationQuery): Promise<ApplicationsAnswer> => {
    const path = `/api/applications${query({ ...wanted })}`;
    const known = this.#lastList?.path === path ? this.#lastList : null;
    const response = await this.#send(path, known ? { etag: known.etag } : {});
    if (known && response.status === 304) return known.answer;
    const answer = await this.#read<ApplicationsAnswer>(response);
    const etag = response.headers.get('etag');
    this.#lastList = etag ? { path, etag, answer } : null;
    return answer;
  };
  /** The search over all that the person reaches; `wanted` as `ApplicationsQuery` has it. */
  search = (wanted: Readonly<Record<string, string | number>>) =>
    this.#get<FoundAnswer>(`/api/applications${query(wanted)}`);
  searchChoices = () => this.#get<SearchChoices>('/api/applications/choices');
  savedSearches = async () =>
    (await this.#get<{ searches: SavedSearch[] }>('/api/saved-searches')).searches;
  saveSearch = (body: SavedSearchCreation) => this.#post<SavedSearch>('/api/saved-searches', body);
  deleteSavedSearch = (id: string) =>
    this.#call<void>(`/api/saved-searches/${encodeURIComponent(id)}`, { method: 'DELETE' });
  application = (id: string) => this.#get<Application>(applicationPath(id));
  createApplication = (model: string) => this.#post<Application>('/api/applications', { model });
  deleteApplication = (id: string) => this.#call<void>(applicationPath(id), { method: 'DELETE' });
  page = (id: string, number: number) =>
    this.#get<PageAnswer>(`${applicationPath(id)}/pages/${number}`);
  savePage = (id: string, number: number, body: PageSaving) =>
    this.#call<PageAnswer>(`${applicationPath(id)}/pages/${number}`, { method: 'PUT', body });
  makeReady = (id: string) => this.#post<Application>(`${applicationPath(id)}/ready`, {});
  backToDraft = (id: string) =>
    this.#call<Application>(`${applicationPath(id)}/ready`, { method: 'DELETE' });

  adminStatus = () => this.#get<AdminStatus>('/api/admin/status');
  adminClickDays = async () =>
    (await this.#get<{ clickDays: AdminClickDay[] }>('/api/admin/click-days')).clickDays;
  createClickDay = (body: ClickDayCreation) => this.#post<unknown>('/api/admin/click-days', body);
  changeClickDay = (id: string, body: ClickDayChange) =>
    this.#call<unknown>(`/api/admin/click-days/${encodeURIComponent(id)}`, { method: 'PUT', body });
  mailState = () => this.#get<MailState>('/api/admin/mail');
  outbox = (cursor: string | null) =>
    this.#get<OutboxAnswer>(`/api/admin/outbox${query(cursor ? { cursor } : {})}`);
  mail = (id: string) => this.#get<MailView>(`/api/admin/outbox/${encodeURIComponent(id)}`);

  /** A call of one feature alone; its paths and types stand there. FormData is sent as it is. */
  ask = <T>(path: string, call: Call = {}): Promise<T> => this.#call<T>(path, call);

  #get<T>(path: string): Promise<T> {
    return this.#call<T>(path, {});
  }

  #post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>(path, { method: 'POST', body });
  }

  async #call<T>(path: string, call: Call): Promise<T> {
    return this.#read<T>(await this.#send(path, call));
  }

  async #send(path: string, call: Call): Promise<Response> {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'accept-language': this.#language(),
    };
    const isForm = call.body instanceof FormData;
    if (call.body !== undefined && !isForm) headers['content-type'] = 'application/json';
    if (call.etag !== undefined) headers['if-none-match'] = call.etag;
    const init: RequestInit = { method: call.method ?? 'GET', headers, credentials: 'same-origin' };
    if (call.body !== undefined) init.body = isForm ? call.body : JSON.stringify(call.body);
    try {
      return await this.#fetch(path, init);
    } catch (cause) {
      throw unreachable(cause);
    }
  }

  async #read<T>(response: Response): Promise<T> {
    if (!response.ok) {
      const problem = await problemFromResponse(response);
      if (problem.code === 'UNAUTHENTICATED') this.#onSessionOver();
      throw problem;
    }
    if (response.status === 204) return undefined as T;
    return (await response.json()) as T;
  }
}

/** Where what a search yields is as a file. */
export function exportUrl(kind: 'csv' | 'xlsx', parameters: string): string {
  return `/api/applications/export.${kind}?${parameters}`;
}

/** Where the receipt's PDF is. */
export function receiptUrl(id: string): string {
  return `${applicationPath(id)}/receipt.pdf`;
}

/** Where the preview's PDF is. */
export function previewUrl(id: string): string {
  return `${applicationPath(id)}/preview.pdf`;
}

/** Where the whole list of a click day is. */
export function rankingListUrl(
  clickDay: string,
  format: RankingFormat,
  wanted: RankingQuery,
): string {
  return `${rankingPath(clickDay)}/list.${format}${query({ ...wanted })}`;
}

function rankingPath(clickDay: string): string {
  return `/api/rankings/${encodeURIComponent(clickDay)}`;
}

function applicationPath(id: string): string {
  return `/api/applications/${encodeURIComponent(id)}`;
}

function query(members: Readonly<Record<string, string | number | undefined>>): string {
  const wanted = new URLSearchParams();
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && value !== '') wanted.set(name, String(value));
  }
  const text = wanted.toString();
  return text === '' ? '' : `?${text}`;
}
