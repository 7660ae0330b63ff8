/** Configuration: one table, read once; what wins, what is refused, and in which words. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  address,
  ConfigInvalid,
  type ConfigKey,
  configKeys,
  environmentName,
  environmentOf,
  flagName,
  readConfig,
  text,
} from '#engine/config.ts';

const before = { folder: process.cwd(), environment: { ...process.env } };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-config-'));
  process.chdir(folder);
  forget();
});
afterEach(() => {
  process.chdir(before.folder);
  forget();
  Object.assign(process.env, before.environment);
  rmSync(folder, { recursive: true });
});

function forget() {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('CLICKDAY_')) delete process.env[name];
  }
}

const dotEnv = (...lines: string[]) => writeFileSync('.env', lines.join('\n'));

/** The sentences of a refusal. */
function refusal(flags: Record<string, string>): string[] {
  try {
    readConfig(flags);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigInvalid);
    return (error as Error).message.split('\n');
  }
  return [];
}

describe('a value', () => {
  it('is the default, then .env, then the environment, then the flag', () => {
    expect(text(readConfig(), 'gateId')).toBe('g1');
    dotEnv('CLICKDAY_GATE_ID=from-file', 'CLICKDAY_LOG_LEVEL=debug');
    expect(text(readConfig(), 'gateId')).toBe('from-file');
    process.env.CLICKDAY_GATE_ID = 'from-environment';
    expect(text(readConfig(), 'gateId')).toBe('from-environment');
    const config = readConfig({ gateId: 'from-flag' });
    expect(text(config, 'gateId')).toBe('from-flag');
    expect(text(config, 'logLevel')).toBe('debug');
  });

  it('that a flag leaves out is not a value', () => {
    process.env.CLICKDAY_GATE_ID = 'g7';
    expect(text(readConfig({ gateId: undefined }), 'gateId')).toBe('g7');
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig())).toBe(true);
  });

  it('reaches a child process unchanged', () => {
    const config = readConfig({ gateId: 'g9', gate: '[::1]:0', ntpServers: '' });
    Object.assign(process.env, environmentOf(config));
    expect(readConfig()).toEqual(config);
  });
});

describe('every key', () => {
  it('has a unit, an effect in words and a default that is a value of it', () => {
    for (const key of configKeys as readonly ConfigKey[]) {
      expect(key.unit, key.name).not.toBe('');
      expect(key.effect, key.name).toMatch(/^[A-Z].+\.$|^[A-Z].+\)\.?$/);
      expect(key.check?.(key.default), key.name).toBeUndefined();
    }
    expect(refusal({})).toEqual([]);
  });

  it('has one name in the environment and one flag, made the same way', () => {
    const names = configKeys.map(({ name }) => environmentName(name));
    expect(new Set(names).size).toBe(configKeys.length);
    // Digits only where the thing has them in its name, as PKCS#12 files do.
    const word = '[A-Z]+(?:12)?';
    const shape = new RegExp(`^CLICKDAY_${word}(_${word})*$`);
    expect(names.every((name) => shape.test(name))).toBe(true);
    expect(environmentName('tlsCert')).toBe('CLICKDAY_TLS_CERT');
    expect(flagName('clockBoundMs')).toBe('--clock-bound-ms');
  });
});

describe('a wrong value', () => {
  const wrong: Record<string, readonly string[]> = {
    roles: ['', 'gates', 'portal,', 'portal gate'],
    gateId: ['', 'G1', '-g', 'g/1', '../g1', 'g'.repeat(33)],
    portal: ['8080', ':8080', 'host:', 'host:65536', 'host:http', '::1:8080', 'a b:1', 'h:-1'],
    gate: ['', '127.0.0.1', 'https://host:1'],
    publicUrl: ['example.it', 'ftp://example.it', 'javascript:alert(1)'],
    clockBoundMs: ['0', '-1', '1.5', '10001', 'fast', '', '1e3', ' 50'],
    smtpUrl: ['mail.example.it', 'http://mail.example.it'],
    applicationsMax: ['0', '1001', 'many'],
    proxy: ['true', '1', 'YES'],
    receiptThreads: ['-1', '65'],
    rehearsal: ['maybe'],
    logLevel: ['loud'],
    witnesses: ['w.example', 'w.example/w1+00000000+BAAA@http://w.example'],
    redisUrl: ['redis://127.0.0.1'],
    ack: ['replicated'],
  };

  it.each(Object.entries(wrong))('of %s is refused in a sentence', (name, values) => {
    for (const value of values) {
      const sentences = refusal({ [name]: value });
      expect(sentences, `"${value}"`).toHaveLength(1);
      expect(sentences[0]).toMatch(/^CLICKDAY_[A-Z_]+ \(--[a-z-]+\) (must be|is not supported) ?/);
      expect(sentences[0]).toContain(`${environmentName(name)} (${flagName(name)})`);
    }
  });

  it('has a sentence each, all at once', () => {
    process.env.CLICKDAY_CLOCK_BOUND_MS = 'x';
    dotEnv('CLICKDAY_PROXY=x');
    expect(refusal({ gateId: 'G' })).toEqual([
      'CLICKDAY_GATE_ID (--gate-id) must be 1 to 32 of a-z, 0-9 and -',
      'CLICKDAY_CLOCK_BOUND_MS (--clock-bound-ms) must be a whole number from 1 to 10000',
      'CLICKDAY_PROXY (--proxy) must be one of yes, no',
    ]);
  });

  it('is not what these are', () => {
    for (const gate of ['127.0.0.1:0', 'gate-1.example.it:65535', '[::1]:8081', '[::]:0']) {
      expect(refusal({ gate }), gate).toEqual([]);
    }
    expect(refusal({ roles: 'gate', publicUrl: 'https://clickday.example.it' })).toEqual([]);
  });
});

describe('a key that does not exist', () => {
  it('is refused by name, in the environment and in .env', () => {
    process.env.CLICKDAY_GATEID = 'g2';
    expect(refusal({})).toEqual(['CLICKDAY_GATEID: no such key; see clickday config']);
    delete process.env.CLICKDAY_GATEID;
    dotEnv('CLICKDAY_NTP_SERVER=ntp.example.it');
    expect(refusal({})).toEqual(['CLICKDAY_NTP_SERVER: no such key; see clickday config']);
  });
});

describe('an address', () => {
  it('is taken apart into host and port, without brackets', () => {
    expect(address(readConfig({ gate: '[::1]:81' }), 'gate')).toEqual({ host: '::1', port: 81 });
    const config = readConfig({ portal: '0.0.0.0:0' });
    expect(address(config, 'portal')).toEqual({ host: '0.0.0.0', port: 0 });
  });
});
