/** Which organisation's imports a caller may see and make: decided here alone. */
import { type Deed, type Reacher, requireDeed } from '../applications/reach.ts';
import { Refusal } from '../http/refusal.ts';

/**
 * The organisation of a member whose role allows the deed. Refuses IMPORT_ORGANISATIONS_ONLY to
 * who has none, ROLE_INSUFFICIENT.
 */
export function importingOrganisation(account: Reacher, deed: Deed): string {
  if (account.organisation === null) throw new Refusal('IMPORT_ORGANISATIONS_ONLY');
  requireDeed(account, deed);
  return account.organisation;
}
