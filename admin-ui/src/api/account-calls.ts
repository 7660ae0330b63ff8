/** The calls about one's own account, and the one of staff for a second factor that was lost. */
import type {
  AddressChange,
  DeletionPlan,
  DeletionRequest,
  Proof,
  RecoveryCodes,
  Reset,
  SecondFactorBegun,
  SecondFactorReset,
  SecondFactorState,
  SessionsAnswer,
} from '#protocol/accounts-api.ts';
import type { Call } from './client.ts';

type Send = <T>(path: string, call: Call) => Promise<T>;

const SECOND_FACTOR = '/api/account/second-factor';
const SESSIONS = '/api/account/sessions';
const DELETION = '/api/account/deletion';

export class AccountCalls {
  readonly #send: Send;

  constructor(send: Send) {
    this.#send = send;
  }

  askReset = (email: string) => this.#post<unknown>('/api/password-resets', { email });
  choosePassword = (body: Reset) =>
    this.#post<{ email: string }>('/api/password-resets/confirm', body);

  changeAddress = (body: AddressChange) => this.#post<unknown>('/api/account/address', body);
  confirmAddress = (token: string) => this.#link('/api/account/address/confirm', token);
  undoAddress = (token: string) => this.#link('/api/account/address/undo', token);

  sessions = async () => (await this.#send<SessionsAnswer>(SESSIONS, {})).sessions;
  endSession = (id: string) => this.#send<void>(`${SESSIONS}/${id}`, { method: 'DELETE' });
  endOtherSessions = () => this.#send<void>(SESSIONS, { method: 'DELETE' });

  secondFactor = () => this.#send<SecondFactorState>(SECOND_FACTOR, {});
  beginSecondFactor = (body: Proof) => this.#post<SecondFactorBegun>(SECOND_FACTOR, body);
  confirmSecondFactor = async (totp: string) =>
    (await this.#post<RecoveryCodes>(`${SECOND_FACTOR}/confirm`, { totp })).recoveryCodes;
  newRecoveryCodes = async (body: Proof) =>
    (await this.#post<RecoveryCodes>(`${SECOND_FACTOR}/recovery-codes`, body)).recoveryCodes;
  turnOffSecondFactor = (body: Proof) => this.#post<void>(`${SECOND_FACTOR}/off`, body);
  resetSecondFactor = (body: SecondFactorReset) =>
    this.#post<void>('/api/staff/second-factor-resets', body);

  deletionPlan = () => this.#send<DeletionPlan>(DELETION, {});
  askDeletion = (body: DeletionRequest) => this.#post<DeletionPlan>(DELETION, body);
  stopDeletion = () => this.#send<void>(DELETION, { method: 'DELETE' });
  keepAccount = (token: string) => this.#link(`${DELETION}/keep`, token);

  #post<T>(path: string, body: unknown): Promise<T> {
    return this.#send<T>(path, { method: 'POST', body });
  }

  #link(path: string, token: string): Promise<{ email: string }> {
    return this.#post<{ email: string }>(path, { token });
  }
}
