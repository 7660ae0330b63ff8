/** The keys of log-in through a provider: what is refused, where the secret comes from. */
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { printConfig } from '#engine/commands/config.ts';
import { openIdIn } from '#engine/commands/openid.ts';
import { readConfig } from '#engine/config.ts';

const ISSUER = 'https://id.example';
const read = (flags: Record<string, string>) => openIdIn(readConfig(flags));

it('is off without an issuer, and wants a client id with one', () => {
  expect(read({ openidClientId: 'x' })).toBeUndefined();
  expect(() => read({ openidIssuer: ISSUER })).toThrow('CLICKDAY_OPENID_CLIENT_ID must be set');
});

it('takes plain HTTP to this machine only, and never a scope without openid', () => {
  const openidClientId = 'x';
  const local = { openidIssuer: 'http://127.0.0.1:4000', openidClientId };
  expect(read(local)).toMatchObject({ issuer: local.openidIssuer, clientSecret: undefined });
  const refused = [
    { openidIssuer: 'http://id.example' },
    { openidIssuer: 'http://127.0.0.1.example' },
    { openidIssuer: 'ldap://127.0.0.1' },
    { openidIssuer: ISSUER, openidScopes: 'email openid2' },
    { openidIssuer: ISSUER, openidLabelIt: '' },
  ];
  for (const flags of refused) {
    expect(() => read({ ...flags, openidClientId })).toThrow('CLICKDAY_OPENID_');
  }
});

it('reads the secret of a file, and prints none', () => {
  const path = join(tmpdir(), `clickday-openid-${process.pid}`);
  writeFileSync(path, 'from a file\n');
  const flags = { openidIssuer: ISSUER, openidClientId: 'x', openidClientSecret: 'in the open' };
  expect(read(flags)?.clientSecret).toBe('in the open');
  expect(read({ ...flags, openidClientSecretFile: path })?.clientSecret).toBe('from a file');
  rmSync(path);
  const gone = { ...flags, openidClientSecretFile: path };
  expect(() => read(gone)).toThrow('CLICKDAY_OPENID_CLIENT_SECRET_FILE');
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  printConfig({ ...flags, sealPassword: 'of the seal' });
  write.mockRestore();
  expect(written.join('')).toContain('CLICKDAY_OPENID_CLIENT_SECRET  --openid-client-secret');
  expect(written.join('')).not.toMatch(/in the open|of the seal/);
});
