/** The small decisions of the local page: other builds, opening a browser, spoken moments. */
import { describe, expect, it } from 'vitest';
import { readTrustedKeys } from '#protocol/receipt/index.ts';
import { ReceiptStage } from '#test/support/receipt-stage.ts';
import { failureOf } from '../../mini-client/commands/failure.ts';
import { nodeTimers } from '../../mini-client/node/time.ts';
import { Output } from '../../mini-client/output.ts';
import { nameFor } from '../../mini-client/page/accounts.ts';
import { judged } from '../../mini-client/page/afterwards.ts';
import { mergedLists } from '../../mini-client/page/listing.ts';
import { logLineOf, mergedLog } from '../../mini-client/page/log-lines.ts';
import { compareVersions, otherBuild, updateOf } from '../../mini-client/page/news.ts';
import { openingCommand } from '../../mini-client/page/open-browser.ts';
import { formatLeft, formatStamp, withInstants } from '../../mini-client/ui/src/format.ts';
import { crossedMark } from '../../mini-client/ui/src/marks.ts';
import { texts } from '../../mini-client/ui/src/texts.ts';

const opening = { address: 'http://127.0.0.1:1/#token', file: 'page.html' };

describe('another build', () => {
  const own = { version: '0.2.0', target: 'linux-x64', sha256: 'a' };
  const build = (version: string, sha256 = 'b', target = 'linux-x64') => ({
    version,
    sha256,
    target,
  });

  it.each([
    ['newer', [build('0.10.0')], '0.10.0'],
    ['of the same version with other bytes', [build('0.2.0')], '0.2.0'],
    ['the same', [build('0.2.0', 'a')], undefined],
    ['older', [build('0.1.9')], undefined],
    ['newer for another computer', [build('0.3.0', 'b', 'win-x64')], undefined],
    ['none', [], undefined],
  ])('%s', (_what, offered, told) => expect(otherBuild(own, offered)).toBe(told));

  it('of the same version says nothing to the sources, which have no digest', () => {
    expect(otherBuild({ version: '0.2.0' }, [build('0.2.0')])).toBeUndefined();
    expect(compareVersions('1.0.0', '1.0')).toBe(0);
  });

  it('is not to be changed to when a click day is near', () => {
    const day = {
      ...{ id: 'd', name: { it: '', en: '' }, order: [], left: [], isOver: false },
      ...{ opensAt: '2011-01-31T07:00:00.000000Z', closesAt: '2011-12-31T23:00:00.000000Z' },
    };
    const at = (iso: string) => updateOf('2', [day], Date.parse(iso) * 1000)?.isNearDay;
    expect([at('2011-01-30T06:59:00Z'), at('2011-01-30T07:01:00Z')]).toEqual([false, true]);
    expect(updateOf(undefined, [day], 0)).toBeNull();
  });
});

describe('opening a browser', () => {
  it.each([
    ['linux', { DISPLAY: ':0' }, ['xdg-open', opening.address]],
    ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', opening.address]],
    ['linux', {}, undefined],
    ['win32', {}, ['rundll32', 'url.dll,FileProtocolHandler', opening.address]],
  ])('on %s with %o', (platform, environment, command) => {
    expect(openingCommand(platform, environment, opening)).toEqual(command);
  });

  it('on macOS keeps the token out of the list of processes', () => {
    expect(openingCommand('darwin', {}, opening)).toEqual(['open', opening.file]);
  });
});

describe('the line of a public log', () => {
  const told = (facts: object) =>
    logLineOf({ event: 'log', gate: 'g1', ...facts }, ['words'])[0]?.verdict;

  it.each([
    ['sound', { verdict: 'read', found: 3, early: 0, missing: [] }],
    ['later', { verdict: 'read', found: 2, early: 1, missing: [] }],
    ['unsound', { verdict: 'read', found: 2, early: 0, missing: ['x'] }],
    ['unsound', { verdict: 'contradicts' }],
    ['later', { verdict: 'not-read' }],
    [undefined, { verdict: 'unreachable' }],
  ])('is %s', (verdict, facts) => expect(told(facts)).toBe(verdict));
});

describe('trouble of the computer', () => {
  const sink = { write: () => undefined };
  const output = new Output({
    ...{ isJson: false, language: 'en', stdout: sink, stderr: sink, timers: nodeTimers },
  });
  const failed = (code: string) =>
    failureOf(Object.assign(new Error('raw words'), { code, syscall: 'write' }), output);

  it.each([
    ['ENOSPC', /disk is full/],
    ['EROFS', /cannot be written/],
    ['EADDRINUSE', /another with --port/],
    ['EIO', /raw words/],
  ])('%s is told with what to do', (code, words) => {
    expect(failed(code)).toMatchObject({
      code,
      exitCode: 1,
      message: expect.stringMatching(words),
    });
  });
});

describe('the public logs over several accounts', () => {
  const line = (gate: string, verdict: 'sound' | 'later' | 'unsound', text: string) => {
    return { gate, verdict, found: 2, total: 3, text };
  };

  it('are a line a gate, with the worst that any account found and its words alone', () => {
    const lines = [line('g1', 'sound', 'a'), line('g2', 'sound', 'b'), line('g1', 'unsound', 'c')];
    expect(mergedLog(lines)).toEqual([
      { gate: 'g1', verdict: 'unsound', found: 4, total: 6, text: 'c' },
      line('g2', 'sound', 'b'),
    ]);
  });
});

describe('the lists of several accounts', () => {
  const day = (id: string | null, order: string[], left: string[] = []) => {
    return { id, name: { it: '', en: '' }, opensAt: '', closesAt: '', isOver: false, order, left };
  };
  const item = (id: string, account: string) => {
    return { id, account, title: '', model: 'B', status: 'ready', line: { kind: 'idle' } } as const;
  };

  it('are one, each day once, and what two see is the first one’s', () => {
    const { days, items } = mergedLists([
      { days: [day(null, ['x']), day('2', ['a'])], items: [item('x', 'one'), item('a', 'one')] },
      {
        days: [day('1', ['b']), day('2', ['a', 'c'], ['c'])],
        items: [item('b', 'two'), item('a', 'two'), item('c', 'two')],
      },
    ]);
    expect(days).toEqual([day('1', ['b']), day('2', ['a', 'c'], ['c']), day(null, ['x'])]);
    expect(items.map(({ id, account }) => `${id} ${account}`)).toEqual([
      'x one',
      'a one',
      'b two',
      'c two',
    ]);
  });
});

describe('the folder of an account', () => {
  it.each([
    ['Anna@Example.org', [], 'anna@example.org'],
    ['anna@example.org', ['anna@example.org'], 'anna@example.org-2'],
    ["o'neil/../x@example.org", [], 'o-neil-..-x@example.org'],
    ['../a@example.org', [], 'a..-a@example.org'],
  ])('of %s beside %o is %s', (email, taken, name) => {
    expect(nameFor(email, new Set(taken))).toBe(name);
  });
});

describe('a receipt on this computer', () => {
  const stage = new ReceiptStage({ entries: 3 });
  const { application } = stage.entries[1]!;
  const verdict = async (id: string, keys: unknown = stage.keys()) => {
    const { isGenuine, code } = await judged(id, await stage.receipt(2), readTrustedKeys(keys));
    return [isGenuine, code];
  };

  it('is checked by the kept keys alone, and must be of its own application', async () => {
    expect(await verdict(application)).toEqual([true, 'RECEIPT_TEST_SEAL']);
    expect(await verdict(stage.entries[0]!.application)).toEqual([false, 'RECEIPT_TEST_SEAL']);
    expect(await verdict(application, null)).toEqual([false, 'RECEIPT_KEYS_MISSING']);
    const others = new ReceiptStage({ entries: 3, origin: 'elsewhere.example/g1' }).keys();
    expect((await verdict(application, others))[0]).toBe(false);
  });

  it('with one byte changed is not genuine', async () => {
    const bytes = await stage.receipt(2);
    bytes[bytes.length >> 1]! ^= 1;
    expect((await judged(application, bytes, readTrustedKeys(stage.keys()))).isGenuine).toBe(false);
  });
});

describe('the countdown', () => {
  it('speaks when a moment is passed, and not of what a sleeping page has missed', () => {
    expect([crossedMark(61, 60), crossedMark(60, 59), crossedMark(11, 9)]).toEqual([60, null, 10]);
    expect([crossedMark(700, 300), crossedMark(null, 10), crossedMark(5, -3)]).toEqual([
      null,
      null,
      0,
    ]);
  });

  it('is read to the tenth in the last minute', () => {
    expect(formatLeft(59_940, 'it')).toBe('60,0 s');
    expect(formatLeft(5_210, 'en')).toBe('5.3 s');
    expect(formatLeft(61_000, 'it')).toBe('00:01:01');
    expect(formatLeft(90_061_000, 'it')).toBe('1 g 01:01:01');
  });
});

describe('the words of the page', () => {
  it('say instants in the time of Rome', () => {
    expect(formatStamp('2011-01-31T07:00:00.000123Z', 'it')).toBe('8:00:00,000123');
    expect(withInstants('apre 2011-01-31T07:00:00.000000Z.', 'it')).toBe(
      'apre lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma).',
    );
  });

  it('keep what people know from 2011', () => {
    expect(texts.it.lineAccepted).toBe('Invio corretto');
    expect(texts.it.early).toBe('Non ancora aperto');
    expect(texts.it.lineDuplicate).toBe('Già inviata: questo è l’esito della prima volta');
    expect(texts.it.heldOther(1)).toBe('Riproviamo da soli tra 1 secondo');
    expect(texts.it.held(7)).toBe('Il sistema è molto occupato: riproviamo da soli tra 7 secondi');
    expect([texts.it.ready, texts.en.ready]).toEqual(['Prepara l’invio', 'Get ready to send']);
  });

  it('speak of a single application as of one', () => {
    expect(texts.it.due('1')).toBe('1 da inviare, già selezionata');
    expect(texts.it.waitingText('1/1', '8:00')).toMatch(/^La domanda è pronta\. Non c’è nulla/);
    expect(texts.it.sendingText('0', '1')).toBe('Si aspetta la risposta.');
    expect(texts.it.allAcceptedText('1')).toBe('La domanda è accettata. Non devi fare altro.');
    expect(texts.it.allAcceptedText('8')).toBe('8 accettate. Non devi fare altro.');
    expect(texts.en.allAcceptedText('1')).toMatch(/^The application is accepted\./);
    expect(texts.en.heldOther(1)).toBe('We try again by ourselves in 1 second');
  });
});
