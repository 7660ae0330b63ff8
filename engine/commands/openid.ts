/** The OpenID provider of the configuration, its secret read. */
import { readFileSync } from 'node:fs';
import type { OpenIdConfig } from '#engine/portal/index.ts';
import { type Config, ConfigInvalid, text } from '../config.ts';

/** Undefined when no issuer is named. Throws ConfigInvalid when what it needs is missing. */
export function openIdIn(config: Config): OpenIdConfig | undefined {
  const issuer = text(config, 'openidIssuer');
  if (issuer === '') return undefined;
  const clientId = text(config, 'openidClientId');
  if (clientId === '') {
    throw new ConfigInvalid('CLICKDAY_OPENID_CLIENT_ID must be set with CLICKDAY_OPENID_ISSUER');
  }
  return {
    issuer,
    clientId,
    clientSecret: secretIn(config) || undefined,
    scopes: text(config, 'openidScopes'),
    label: { it: text(config, 'openidLabelIt'), en: text(config, 'openidLabelEn') },
  };
}

function secretIn(config: Config): string {
  const file = text(config, 'openidClientSecretFile');
  if (file === '') return text(config, 'openidClientSecret');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const reason = (error as Error).message;
    throw new ConfigInvalid(`CLICKDAY_OPENID_CLIENT_SECRET_FILE: ${reason}`, { cause: error });
  }
}
