/**
 * Configuration: one table of keys, read once, checked, frozen. Each key is `CLICKDAY_…` in the
 * environment or in a file `.env`, and a flag of the same name on the command line
 * (`CLICKDAY_GATE_ID` is `--gate-id`); the flag wins over the environment, the environment over
 * `.env`. This is the only file that reads the environment.
 */
import { loadEnvFile } from 'node:process';
import { sha256 } from '#engine/foundation/note-signing.ts';
import { parseWitnesses, type WitnessAddress } from '#protocol/log/witness.ts';
import {
  checkAddress,
  checkGateId,
  checkNotYet,
  checkRoles,
  checkUrl,
  integer,
  oneOf,
} from './config-checks.ts';
import { helpdeskKeys } from './config-helpdesk.ts';
import { type ConfigKey, key } from './config-key.ts';
import { mailKeys } from './config-mail.ts';
import { openIdKeys } from './config-openid.ts';
import { practiceKeys } from './config-practice.ts';

export type { ConfigKey };

export class ConfigInvalid extends Error {
  override name = 'ConfigInvalid';
}

const NTP_DEFAULT = 'ntp1.inrim.it,ntp2.inrim.it';

export const configKeys = [
  key('data', 'path', './data', 'Data directory; whoever can read it can read everything.'),
  key('roles', 'list', 'portal,gate', 'What this machine runs.', checkRoles),
  key('gateId', 'name', 'g1', 'Name of this gate; part of every protocol number.', checkGateId),
  key(
    'portal',
    'host:port',
    '127.0.0.1:8080',
    'Where the portal listens; 0 picks a port.',
    checkAddress,
  ),
  key(
    'gate',
    'host:port',
    '127.0.0.1:8081',
    'Where the gate listens; 0 picks a port.',
    checkAddress,
  ),
  key('gates', 'list of URLs', '', 'Gates that the portal hands out; empty: the gate beside it.'),
  key(
    'publicUrl',
    'URL',
    '',
    'How people reach the portal; in every link of a mail. Empty: where it listens.',
    checkUrl('http:', 'https:'),
  ),
  key('tlsCert', 'path', '', 'PEM certificate; with tlsKey portal and gate speak TLS.'),
  key('tlsKey', 'path', '', 'PEM key of tlsCert; readable by this user only.'),
  key(
    'ntpServers',
    'host[:port],…',
    NTP_DEFAULT,
    'Servers asked for the time; three or more outvote one that lies. Empty: none.',
  ),
  key(
    'clockBoundMs',
    'ms',
    '50',
    'Error assumed of the system clock while no server answers. Too low: may open early; too high: opens late.',
    integer(1, 10_000),
  ),
  key(
    'clockDoubtMs',
    'ms',
    '1000',
    'How far time servers and the date of this machine may differ before neither is believed alone. Too low: a date slightly off delays the opening; too high: servers that all lie alike by less open early.',
    integer(100, 3_600_000),
  ),
  key(
    'clockBelieve',
    'both|servers|date',
    'both',
    'Who is believed when they differ by more. both: neither alone, nothing opens early by either; servers or date: that one alone, so that a lie of it opens early.',
    oneOf('both', 'servers', 'date'),
  ),
  ...mailKeys,
  key(
    'applicationsMax',
    'count',
    '5',
    'Applications of one private account (the decree of 2010 allowed 5).',
    integer(1, 1000),
  ),
  key(
    'staffSecondFactor',
    'yes|no',
    'no',
    'Staff accounts do nothing before they have a second factor. No: who learns a password of staff has its powers.',
    oneOf('yes', 'no'),
  ),
  key(
    'proxy',
    'yes|no',
    'no',
    'Believe X-Forwarded-For of a proxy in front. Yes without a proxy lets anybody choose his address.',
    oneOf('yes', 'no'),
  ),
  key(
    'receiptThreads',
    'count',
    '0',
    'Threads that make receipts; 0: one fewer than there are cores, at least one.',
    integer(0, 64),
  ),
  key(
    'downloads',
    'path',
    'mini-client/dist',
    'Builds of the mini-client that the portal hands out; from the program’s folder when relative.',
  ),
  key(
    'sealP12',
    'path',
    '',
    'PKCS#12 file with the key and certificates that seal receipts. Empty: a test key of this installation, named so on every receipt.',
  ),
  {
    ...key('sealPassword', 'text', '', 'Password of sealP12; who has both can seal receipts.'),
    secret: true,
  },
  key(
    'sealPasswordFile',
    'path',
    '',
    'File with the password of sealP12, instead of sealPassword; readable by this user only.',
  ),
  key(
    'sealOrganization',
    'name',
    'Clickday',
    'Organisation named in the certificate of a test seal, taken when its key is made.',
    (text) => (/^.{1,64}$/u.test(text) ? undefined : 'must be 1 to 64 characters'),
  ),
  key(
    'models',
    'path',
    '',
    'Models directory of the call being run: its forms, tables and words lie over those that ship. Empty: the decree of 2010. Taken away while applications were begun with its forms: the portal does not start.',
  ),
  key('rehearsal', 'yes|no', 'no', 'Mark every receipt PROVA, of no value.', oneOf('yes', 'no')),
  key(
    'logLevel',
    'level',
    'info',
    'Least severe line that is logged.',
    oneOf('debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  ),
  key(
    'roomAlarm',
    'entries',
    '500000',
    'Alarm when the disk has room for fewer further submissions. 0: never; too low: too late to make room.',
    integer(0, 1_000_000_000),
  ),
  key(
    'memoryMax',
    'MiB',
    '2048',
    'Memory of the gate beyond which new connections are refused and the others go on. 0: no limit; too low: refuses with room to spare; too high: the system ends the process first.',
    integer(0, 1_048_576),
  ),
  key(
    'logOrigin',
    'name',
    '',
    'Name of the public log, before "/<gate id>": host and path without scheme. Empty: the host of the public URL. Taken when a gate makes its log key, and never changed after that.',
    (text) => (/^[^\s+]*$/.test(text) ? undefined : 'must not contain spaces or a plus sign'),
  ),
  key(
    'witnesses',
    'list',
    '',
    'Who cosigns the public log: VERIFIERKEY@URL each, behind commas. Empty: nobody.',
    (text) => {
      const found = parseWitnesses(text, sha256);
      return typeof found === 'string' ? found : undefined;
    },
  ),
  key(
    'scrubRate',
    'MB/s',
    '2',
    'How fast stored pages are read again to find damage. 0: not at all; too high: takes the disk from the ledger.',
    integer(0, 1000),
  ),
  key(
    'scrubPause',
    's',
    '600',
    'Rest between two passes of the reading again. Too high: damage is found late.',
    integer(1, 604_800),
  ),
  ...openIdKeys,
  ...helpdeskKeys,
  ...practiceKeys,
  key('redisUrl', 'URL', '', 'Redis for gates on other machines (a later version).', checkNotYet),
  key(
    'ack',
    'local',
    'local',
    'What an acknowledgement rests on (replicated: a later version).',
    oneOf('local'),
  ),
] as const satisfies readonly ConfigKey[];

/** Every value as text, checked; `address`, `flag` and `count` give it its type. */
export type Config = Readonly<Record<string, string>>;

/** `gateId` → `CLICKDAY_GATE_ID`. */
export function environmentName(name: string): string {
  return `CLICKDAY_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** `gateId` → `--gate-id`. */
export function flagName(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * Reads the configuration. `flags` as the command line gave them. Throws ConfigInvalid with one
 * sentence a wrong key, naming the key and what it must be.
 */
export function readConfig(flags: Readonly<Record<string, string | undefined>> = {}): Config {
  loadDotEnv();
  checkUnknown(process.env);
  const faults: string[] = [];
  const entries = configKeys.map((item: ConfigKey) => {
    const value = flags[item.name] ?? process.env[environmentName(item.name)] ?? item.default;
    const fault = item.check?.(value);
    if (fault) faults.push(`${environmentName(item.name)} (${flagName(item.name)}) ${fault}`);
    return [item.name, value] as const;
  });
  if (faults.length > 0) throw new ConfigInvalid(faults.join('\n'));
  return Object.freeze(Object.fromEntries(entries));
}

/** The environment that gives a child process the same configuration. */
export function environmentOf(config: Config): NodeJS.ProcessEnv {
  const own = Object.entries(config).map(([name, value]) => [environmentName(name), value]);
  return { ...process.env, ...Object.fromEntries(own) };
}

/** The value of a key that exists. */
export function text(config: Config, name: (typeof configKeys)[number]['name']): string {
  return config[name] ?? '';
}

/** `HOST:PORT` taken apart; the brackets of IPv6 are dropped. */
export function address(
  config: Config,
  name: 'portal' | 'gate' | 'mailIn',
): { readonly host: string; readonly port: number } {
  const value = text(config, name);
  const colon = value.lastIndexOf(':');
  const host = value.slice(0, colon).replace(/^\[|\]$/g, '');
  return { host, port: Number(value.slice(colon + 1)) };
}

/** The witnesses of the public log. */
export function witnessesOf(config: Config): readonly WitnessAddress[] {
  const found = parseWitnesses(text(config, 'witnesses'), sha256);
  return typeof found === 'string' ? [] : found;
}

function loadDotEnv(): void {
  try {
    loadEnvFile('.env');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** A misspelt key would silently leave the default in force. */
function checkUnknown(environment: NodeJS.ProcessEnv): void {
  const known = new Set(configKeys.map((item) => environmentName(item.name)));
  const unknown = Object.keys(environment).filter(
    (name) => name.startsWith('CLICKDAY_') && !known.has(name) && name !== 'CLICKDAY_PORTAL_URL',
  );
  if (unknown.length > 0) {
    throw new ConfigInvalid(`${unknown.join(', ')}: no such key; see clickday config`);
  }
}

/** For a program that builds for production, whoever asks: a test's environment says `test`. */
export function productionEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, NODE_ENV: 'production' };
}
