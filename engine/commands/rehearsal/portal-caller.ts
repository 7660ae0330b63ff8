/** The portal over HTTP with a bearer token: the way of every program. */

export class PortalRefused extends Error {
  override name = 'PortalRefused';
}

export interface PortalCaller {
  /** The decoded answer; rejects with PortalRefused, naming call and code, unless 2xx. */
  call<Answer>(method: string, path: string, body?: unknown): Promise<Answer>;
}

export function portalCaller(portal: string, token?: string): PortalCaller {
  return {
    call: async <Answer>(method: string, path: string, body?: unknown) => {
      const response = await fetch(`${portal}${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new PortalRefused(`${method} ${path}: ${response.status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as Answer;
    },
  };
}

/** Logs in and gives a caller with the session. */
export async function logIn(
  portal: string,
  email: string,
  password: string,
): Promise<PortalCaller> {
  const credentials = { email, password, kind: 'bearer' };
  const { token } = await portalCaller(portal).call<{ token: string }>(
    'POST',
    '/api/session',
    credentials,
  );
  return portalCaller(portal, token);
}
