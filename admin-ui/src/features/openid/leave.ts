/** Leaves this application for the provider's pages; the browser comes back to `/openid/return`. */
import type { OpenIdBeginning } from '#protocol/openid-api.ts';
import type { ApiClient } from '../../api/client.ts';

/** Resolves when the browser is about to leave. Rejects with an `ApiProblem`. */
export async function leaveForProvider(api: ApiClient, wish: OpenIdBeginning): Promise<void> {
  location.assign(await api.openIdBegin(wish));
}
