/** What the pages of help make of what they are given: pure parts only. */
import { describe, expect, it } from 'vitest';
import type { TicketStep, TicketView } from '#protocol/helpdesk-api.ts';
import { refusalOf } from '../../admin-ui/src/features/helpdesk/file-rules.ts';
import { parseMarkdown } from '../../admin-ui/src/features/helpdesk/markdown.ts';
import { askWhileVisible } from '../../admin-ui/src/features/helpdesk/polling.ts';
import { requestTexts } from '../../admin-ui/src/features/helpdesk/request-texts.ts';
import { hoursSpan, minutesSpan } from '../../admin-ui/src/features/helpdesk/spans.ts';
import { faultOf } from '../../admin-ui/src/features/helpdesk/text-fault.ts';
import { askedNow, ticketSteps } from '../../admin-ui/src/features/helpdesk/ticket-steps.ts';

const text = (value: string) => ({ kind: 'text', text: value });

describe('the Markdown of an article', () => {
  it('is headings, paragraphs, lists, bold, italic and links', () => {
    const source =
      '## Come si fa\nPrima riga\nseconda **forte** *piano* 2 * 3 * 4.\r\n\r\n- uno\n  e mezzo\n* due\n\n1. a\n2) b';
    expect(parseMarkdown(source)).toEqual([
      { kind: 'heading', content: [text('Come si fa')] },
      {
        kind: 'paragraph',
        content: [
          ...[text('Prima riga seconda '), { kind: 'bold', text: 'forte' }, text(' ')],
          ...[{ kind: 'italic', text: 'piano' }, text(' 2 * 3 * 4.')],
        ],
      },
      { kind: 'bullets', items: [[text('uno e mezzo')], [text('due')]] },
      { kind: 'numbers', items: [[text('a')], [text('b')]] },
    ]);
    expect(parseMarkdown('[qui](/verify) e [là](https://a.example/b?c=d)')).toEqual([
      {
        kind: 'paragraph',
        content: [
          { kind: 'link', text: 'qui', href: '/verify' },
          text(' e '),
          { kind: 'link', text: 'là', href: 'https://a.example/b?c=d' },
        ],
      },
    ]);
  });

  it('makes no link that runs script or leaves without saying so, and no HTML at all', () => {
    const hrefs = [
      ...['javascript:alert`1`', 'JaVaScRiPt:x', 'data:text/html,x', 'vbscript:x'],
      ...['//evil.example', '/\\evil.example', 'relative', 'file:///etc/passwd'],
    ];
    for (const href of hrefs) {
      expect(parseMarkdown(`[x](${href})`)).toEqual([{ kind: 'paragraph', content: [text('x')] }]);
    }
    const html = '<img src=x onerror=alert(1)> <b>ciao</b>';
    expect(parseMarkdown(html)).toEqual([{ kind: 'paragraph', content: [text(html)] }]);
    expect(parseMarkdown('')).toEqual([]);
  });

  it('is read in a moment, whatever it is', () => {
    const hostile = ['[', '**', '[a](', '- ', '# ', '1. ', '[a](/b)'];
    for (const piece of hostile) {
      expect(parseMarkdown(piece.repeat(200_000)).length).toBeGreaterThan(0);
    }
  });
});

const step = (status: TicketStep['status'], by: TicketStep['by'] = 'desk'): TicketStep => ({
  status,
  at: '2011-01-31T07:00:00.000000Z',
  by,
});

describe('the way of a request', () => {
  const wayOf = (status: TicketView['status'], steps: readonly TicketStep[]) =>
    ticketSteps({ status, steps: [...steps], number: '123-456' }, requestTexts.it, 'it').map(
      ({ title, state }) => `${state} ${title}`,
    );

  it('has what happened with its times, one place where it is, and what comes', () => {
    const begun = ticketSteps(
      { status: 'accepted', steps: [step('received', 'user'), step('accepted')], number: '12-3' },
      requestTexts.it,
      'it',
    );
    expect(begun.map(({ state }) => state)).toEqual([
      ...['done', 'current', 'to-come', 'to-come', 'to-come', 'to-come'],
    ]);
    expect(begun[0]?.when).toContain('ore 8:00:00');
    expect(begun[1]?.text).toContain('12-3');
    expect(begun[1]?.text).toContain('Non devi fare niente');
  });

  it('says that it is the person’s turn, and what was given', () => {
    const asked = [step('received', 'user'), step('accepted'), step('waiting')];
    expect(wayOf('waiting', asked).slice(2)).toEqual([
      'current Ti abbiamo chiesto un’informazione',
      'to-come Risposta data',
      'to-come Chiusa',
    ]);
    expect(wayOf('analysis', [...asked, step('given', 'user')]).slice(2, 4)).toEqual([
      'done Ti abbiamo chiesto un’informazione',
      'current Hai risposto',
    ]);
  });

  it('ends where it is closed, by whomever, and goes on when it is reopened', () => {
    expect(wayOf('closed', [step('received'), step('closed', 'time')]).at(-1)).toBe(
      'done Chiusa da sola: non è arrivata risposta',
    );
    expect(wayOf('closed', [step('closed', 'user')])).toEqual(['done Chiusa da te']);
    expect(wayOf('merged', [step('received'), step('merged')]).at(-1)).toBe(
      'done Unita a un’altra',
    );
    expect(wayOf('in-charge', [step('closed', 'user'), step('reopened', 'user')])).toEqual([
      'done Chiusa da te',
      ...['current Riaperta', 'to-come In esame', 'to-come Risposta data', 'to-come Chiusa'],
    ]);
  });

  it('puts first what was asked last, and only while it is asked', () => {
    const at = (second: number) => `2011-01-31T07:00:0${second}.000000Z`;
    const message = (from: 'user' | 'desk', second: number) =>
      ({ from, text: `${from} ${second}`, at: at(second) }) as TicketView['messages'][number];
    const asked = {
      isForYou: true,
      status: 'waiting' as const,
      messages: [message('desk', 1), message('user', 2), message('desk', 3), message('user', 4)],
      steps: [step('waiting'), step('given', 'user'), step('waiting')].map((each, index) => ({
        ...each,
        at: at(1 + index),
      })),
    };
    expect(askedNow(asked)).toBe('desk 3');
    expect(askedNow({ ...asked, messages: [...asked.messages, message('desk', 5)] })).toBe(
      'desk 3',
    );
    expect(askedNow({ ...asked, isForYou: false, status: 'analysis' })).toBeNull();
  });
});

it('refuses a file for its type, its size or their number before it is sent', () => {
  const refusal = (name: string, size: number, others = 0) => refusalOf({ name, size }, others);
  expect(refusal('a.PDF', 1)).toBeNull();
  expect(refusal('a.txt', 2 * 1024 * 1024)).toBeNull();
  expect(refusal('a.exe', 1)).toBe('type');
  expect(refusal('pdf', 1)).toBe('type');
  expect(refusal('a.pdf', 0)).toBe('empty');
  expect(refusal('a.pdf', 2 * 1024 * 1024 + 1)).toBe('size');
  expect(refusal('a.pdf', 1, 10)).toBe('count');
});

it('says that a text is missing or too long, and cuts nothing off', () => {
  const fault = (words: string) => faultOf(words, { id: 'text', missing: 'Manca', language: 'it' });
  expect(fault(' \n')).toEqual({ text: 'Manca' });
  expect(fault(` ${'a'.repeat(8_000)} `)).toEqual({});
  expect(fault('a'.repeat(8_001)).text).toContain('al massimo 8000 caratteri');
});

it('tells how long an answer takes in a unit that can be pictured', () => {
  const w = {
    minutes: (count: number) => `${count} min`,
    hours: (count: number) => `${count} h`,
    days: (count: number) => `${count} d`,
  };
  expect([0.2, 59.4, 90, 47 * 60, 72 * 60].map((each) => minutesSpan(each, w))).toEqual([
    ...['1 min', '59 min', '2 h', '47 h', '3 d'],
  ]);
  expect([0.5, 8, 40].map((each) => hoursSpan(each, w))).toEqual(['30 min', '8 h', '40 h']);
});

it('asks at once, then only while somebody looks, and at once when they come back', () => {
  const asked: string[] = [];
  let isVisible = true;
  const works: (() => void)[] = [];
  const follow = (work: () => void) => {
    works.push(work);
    return () => void works.splice(works.indexOf(work), 1);
  };
  const looks = {
    every: (_ms: number, work: () => void) => follow(work),
    isVisible: () => isVisible,
    onVisibility: follow,
  };
  const stop = askWhileVisible(() => asked.push('asked'), 30_000, looks);
  expect(asked).toHaveLength(1);
  const [tick, change] = works;
  tick?.();
  expect(asked).toHaveLength(2);
  isVisible = false;
  tick?.();
  change?.();
  expect(asked).toHaveLength(2);
  isVisible = true;
  change?.();
  expect(asked).toHaveLength(3);
  stop();
  expect(works).toEqual([]);
});
