/**
 * What a provider's claims say of a person, in the form this portal keeps. What is not usable is
 * empty, never repaired: an address counts only when the provider says that it verified it
 * (OpenID Connect Core §5.1), a codice fiscale only with its right check letter.
 */
import { hasValidCheckLetter } from '#protocol/forms/codice-fiscale.ts';
import type { OpenIdProfile } from '#protocol/openid-api.ts';
import { isEmail } from '../accounts/checks.ts';

type Claims = Readonly<Record<string, unknown>>;

/** SPID and CIE over OpenID Connect; their gateways; other Italian providers. */
const FISCAL_NUMBERS = [
  'https://attributes.eid.gov.it/fiscal_number',
  'fiscalNumber',
  'fiscal_number',
  'codice_fiscale',
];
const NAME_LENGTH_MAX = 80;

/** The profile in an ID token's and a user info answer's claims. */
export function profileOf(claims: Claims): OpenIdProfile {
  return {
    email: verifiedEmail(claims),
    givenName: nameIn(claims.given_name),
    familyName: nameIn(claims.family_name),
    codiceFiscale: fiscalNumber(claims),
  };
}

function verifiedEmail(claims: Claims): string {
  const isVerified = claims.email_verified === true || claims.email_verified === 'true';
  const email = textIn(claims.email).toLowerCase();
  return isVerified && isEmail(email) ? email : '';
}

function nameIn(value: unknown): string {
  const name = textIn(value).normalize('NFC').replace(/\s+/gu, ' ');
  return name.length <= NAME_LENGTH_MAX ? name : '';
}

/** SPID writes `TINIT-` before it. */
function fiscalNumber(claims: Claims): string {
  for (const name of FISCAL_NUMBERS) {
    const code = textIn(claims[name])
      .toUpperCase()
      .replace(/^TINIT-/, '');
    if (hasValidCheckLetter(code)) return code;
  }
  return '';
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
