/** The keys of log-in through an OpenID provider; all empty: there is none. */
import { checkUrl } from './config-checks.ts';
import { key } from './config-key.ts';

const LABEL = /^.{1,60}$/u;
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

export const openIdKeys = [
  key(
    'openidIssuer',
    'URL',
    '',
    'OpenID provider that people may log in through, as it names itself. It says who somebody is: trust it as you do the password of every account linked to it. Empty: passwords only.',
    checkIssuer,
  ),
  key('openidClientId', 'text', '', 'This portal’s name at the provider.'),
  {
    ...key('openidClientSecret', 'text', '', 'Its secret there. Empty: none, PKCE alone.'),
    secret: true,
  },
  key(
    'openidClientSecretFile',
    'path',
    '',
    'File with that secret, instead of openidClientSecret; readable by this user only.',
  ),
  key(
    'openidScopes',
    'words',
    'openid email profile',
    'What is asked of the provider. Without email nobody new can register through it.',
    (text) => (text.split(' ').includes('openid') ? undefined : 'must have openid among them'),
  ),
  key('openidLabelIt', 'text', 'Entra con l’identità digitale', 'The button, in Italian.', label),
  key('openidLabelEn', 'text', 'Log in with your digital identity', 'The same in English.', label),
] as const;

/** Plain HTTP only to this machine: elsewhere anybody on the way could be anybody. */
function checkIssuer(text: string): string | undefined {
  const fault = checkUrl('https:', 'http:')(text);
  if (text === '' || fault !== undefined) return fault;
  const { protocol, hostname } = new URL(text);
  const isSafe = protocol === 'https:' || LOOPBACK.has(hostname);
  return isSafe ? undefined : 'must be https, or on this machine';
}

function label(text: string): string | undefined {
  return LABEL.test(text) ? undefined : 'must be 1 to 60 characters';
}
