/** Whose fault it is when the provider does not give an identity, told by the library's codes. */
import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import type { Log } from '../../foundation/log.ts';
import { Refusal } from '../http/refusal.ts';

/** The person, or the provider in their name, said no (OpenID Connect Core §3.1.2.6). */
const REFUSED = new Set([
  'access_denied',
  'login_required',
  'consent_required',
  'interaction_required',
  'account_selection_required',
]);
const UNAVAILABLE = new Set([
  'server_error',
  'temporarily_unavailable',
  'OAUTH_TIMEOUT',
  'OAUTH_ABORT',
  'OAUTH_RESPONSE_IS_NOT_CONFORM',
  'OAUTH_RESPONSE_IS_NOT_JSON',
  'OAUTH_PARSE_ERROR',
]);
const SERVER_ERROR = 500;
const RETRY_AFTER_MS = 5000;

/** The refusal that says what to do; a defect of ours stays what it is. */
export function refusalOf(error: unknown, log: Log): Error {
  if (error instanceof Refusal) return error;
  const reason = reasonOf(error);
  // The reason alone: messages of the library may quote what came in.
  log.warn({ reason, cause: causeOf(error) }, 'the OpenID provider gave no identity');
  if (error instanceof AuthorizationResponseError && REFUSED.has(reason)) {
    return new Refusal('OPENID_REFUSED');
  }
  if (UNAVAILABLE.has(reason) || isNetwork(error) || isServerError(error)) {
    return new Refusal('OPENID_UNAVAILABLE', { retryAfterMs: RETRY_AFTER_MS });
  }
  return new Refusal('OPENID_INVALID');
}

function reasonOf(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    return error.error;
  }
  if (error instanceof ClientError) return error.code ?? 'CLIENT_ERROR';
  return error instanceof Error ? error.name : 'UNKNOWN';
}

function causeOf(error: unknown): string | undefined {
  const cause =
    error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined;
  return typeof cause?.code === 'string' ? cause.code : undefined;
}

/** `fetch` says so of a line that failed; the library wraps a body beyond its bound. */
function isNetwork(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return error instanceof ClientError && error.code === undefined;
}

function isServerError(error: unknown): boolean {
  return error instanceof ResponseBodyError && error.status >= SERVER_ERROR;
}
