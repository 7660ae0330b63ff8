/** The journal: order, one sync for what piles up, torn lines, and what counts after a crash. */
import { describe, expect, it } from 'vitest';
import { foldJournal, openJournal, readRecords } from '../../mini-client/core/index.ts';
import { memoryFile } from '../support/manual-world.ts';

const chosen = (application: string) =>
  ({ type: 'chosen', application, clickDay: '2011-01-31', atUs: 1 }) as const;
const sent = (application: string) =>
  ({ type: 'sent', application, gate: 'ws://g', sentAtUs: 2 }) as const;
const accepted = (application: string, seq = 1) =>
  ({
    type: 'accepted',
    application,
    message: {
      type: 'accepted',
      application,
      protocol: `2011-01-31/g1/${seq}`,
      seq,
      stamp: '2011-01-31T07:00:00.000123Z',
      uncertaintyUs: 5,
    },
    sentAtUs: 2,
    latencyMs: 3,
  }) as const;

describe('the journal', () => {
  it('keeps the order of append and puts what piles up into one write', async () => {
    const file = memoryFile();
    let writes = 0;
    const append = file.append.bind(file);
    file.append = async (text) => {
      writes += 1;
      await append(text);
    };
    const journal = openJournal(file);
    await Promise.all([chosen('a'), sent('a'), accepted('a'), chosen('b')].map(journal.append));
    expect(readRecords(file.text).map(({ type }) => type)).toEqual([
      'chosen',
      'sent',
      'accepted',
      'chosen',
    ]);
    expect(writes).toBe(1);
  });

  it('loses nothing written after a torn last line', async () => {
    const file = memoryFile(`${JSON.stringify(chosen('a'))}\n{"type":"sent","applica`);
    await openJournal(file).append(accepted('a'));
    expect(openJournal(file).resumed.get('a')?.accepted?.message.seq).toBe(1);
  });

  it('loses nothing written after a write that failed half way', async () => {
    const file = memoryFile();
    const append = file.append.bind(file);
    file.append = async (text) => {
      file.append = append;
      file.text += text.slice(0, 20);
      throw new Error('EIO');
    };
    const journal = openJournal(file);
    await expect(journal.append(chosen('a'))).rejects.toThrow('EIO');
    await journal.append(accepted('a'));
    expect(readRecords(file.text)).toEqual([accepted('a')]);
  });

  it.each([
    ['a torn line', '{"type":"accepted","application":"a","message":{'],
    ['a line that is no record', '{"type":"accepted","application":"a"}'],
    ['a stamp that is no instant', JSON.stringify(accepted('a')).replace('2011-01-31T07', 'x')],
    ['zeros of a crash', '\u0000\u0000\u0000'],
  ])('does not take %s for an acceptance', (_, line) => {
    expect(foldJournal(`${line}\n`).get('a')?.accepted).toBeUndefined();
  });

  it('keeps the first acceptance as the evidence and counts what was sent', () => {
    const records = [chosen('a'), sent('a'), sent('a'), accepted('a', 7), accepted('a', 8)];
    const text = records.map((record) => JSON.stringify(record)).join('\n');
    const state = foldJournal(text).get('a');
    expect(state?.sentCount).toBe(2);
    expect(state?.accepted?.message.seq).toBe(7);
  });
});
