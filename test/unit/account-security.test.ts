/** The small parts that keep an account its owner's: guesses, codes, the vault, devices. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { copyPapers } from '#engine/backup/copy.ts';
import { manualClock } from '#engine/clock/index.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createGuesses } from '#engine/portal/accounts/guesses.ts';
import { codeAt, stepOfCode } from '#engine/portal/accounts/one-time-codes.ts';
import { networkOf } from '#engine/portal/accounts/places.ts';
import { openVault } from '#engine/portal/accounts/vault.ts';
import { deviceOf } from '#engine/portal/session/device.ts';
import { dataDirectory } from '#engine/store/index.ts';

const MINUTE_US = 60_000_000;

describe('guesses', () => {
  const limits = { loginsPerMinutePerAccount: 3, guessesPerHourPerAccount: 6 };
  const stage = () => {
    const clock = manualClock({ nowUs: MINUTE_US, uncertaintyUs: 0 });
    const guesses = createGuesses(clock, limits);
    const wrong = (place: string) => {
      try {
        guesses.begin('maria', place);
        return true;
      } catch {
        return false;
      }
    };
    return { clock, guesses, wrong };
  };
  const times = (count: number, work: () => boolean) => Array.from({ length: count }, work);

  it('stop at one place and leave the owner elsewhere alone', () => {
    const { wrong, clock } = stage();
    expect(times(4, () => wrong('thief'))).toEqual([true, true, true, false]);
    expect(wrong('home')).toBe(true);
    clock.advance(MINUTE_US);
    expect(wrong('thief')).toBe(true);
  });

  it('from everywhere leave each place three an hour, and lock nobody out', () => {
    const { wrong, clock } = stage();
    for (const place of ['a', 'b', 'c', 'd', 'e', 'f']) wrong(place);
    expect(times(4, () => wrong('home'))).toEqual([true, true, true, false]);
    clock.advance(2 * MINUTE_US);
    expect(wrong('home')).toBe(false);
    clock.advance(60 * MINUTE_US);
    expect(wrong('home')).toBe(true);
  });

  it('forget what was right, and count those under way at once', () => {
    const { guesses, wrong } = stage();
    const underWay = times(3, () => wrong('home'));
    expect([underWay, wrong('home')]).toEqual([[true, true, true], false]);
    const right = guesses.begin('luca', 'home');
    right();
    for (let turn = 0; turn < 20; turn += 1) guesses.begin('luca', 'home')();
    expect(() => guesses.begin('luca', 'home')).not.toThrow();
    expect(() => guesses.begin('maria', null)).not.toThrow();
  });

  it('count an IPv6 household as one place', () => {
    expect(networkOf('2001:db8:1:2:aaaa::1')).toBe(networkOf('2001:db8:1:2:bbbb:0:0:9'));
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
    expect(networkOf('::ffff:192.0.2.1')).toBe('192.0.2.1');
  });
});

describe('codes of an app', () => {
  /** RFC 6238 appendix B, last six of eight digits. */
  const SECRET = Buffer.from('12345678901234567890');
  const BASE32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
    [20_000_000_000, '353130'],
  ])('at %i s are those of the RFC', (seconds, code) => {
    expect(codeAt(BASE32, seconds * 1_000_000)).toBe(code);
    expect(stepOfCode(SECRET, code, seconds * 1_000_000)).toBe(Math.floor(seconds / 30));
  });

  it('count one step early or late, and not two', () => {
    const at = (step: number) => stepOfCode(SECRET, '287082', (step * 30 + 5) * 1_000_000);
    expect([at(0), at(1), at(2), at(3)]).toEqual([1, 1, 1, undefined]);
  });
});

describe('the vault', () => {
  const place = () => {
    const folder = mkdtempSync(join(tmpdir(), 'clickday-vault-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    return join(folder, 'accounts.key');
  };
  const random = seededRandom('vault', { nowUs: () => 0 });

  it('opens what it sealed, for its owner only, with the key of the file only', () => {
    const path = place();
    const vault = openVault(path, random);
    const sealed = vault.seal('maria', Buffer.from('segreto'));
    expect(openVault(path, random).open('maria', sealed).toString()).toBe('segreto');
    expect(() => vault.open('luca', sealed)).toThrow();
    expect(() => vault.open('maria', `A${sealed.slice(1)}`)).toThrow();
    expect(() => openVault(place(), random).open('maria', sealed)).toThrow();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(vault.seal('maria', Buffer.from('segreto'))).not.toBe(sealed);
    expect(Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')).toHaveLength(32);
  });

  it('has its key in a backup, readable by its owner only', () => {
    const [from, to] = [dataDirectory(dirname(place())), dataDirectory(dirname(place()))];
    const sealed = openVault(from.accountsKey, random).seal('maria', Buffer.from('segreto'));
    copyPapers(from, to);
    expect(openVault(to.accountsKey, random).open('maria', sealed).toString()).toBe('segreto');
    expect(statSync(to.accountsKey).mode & 0o777).toBe(0o600);
  });
});

describe('words for a device', () => {
  const AGENT = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';
  it.each([
    [`${AGENT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`, 'Edge', 'Windows'],
    [`${AGENT} Chrome/131.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox', 'Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604',
      'Safari',
      'iPhone',
    ],
    ['<script>alert(1)</script>', '', ''],
  ])('%s', (agent, browser, system) => {
    expect(deviceOf(agent)).toEqual({ browser, system });
  });
  it('are none without a user agent', () => {
    expect(deviceOf(undefined)).toEqual({ browser: '', system: '' });
  });
});
