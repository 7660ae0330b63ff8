/** What a gate knows beforehand: the signed calendar on its disk, and its own copy of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followNotice, type Notice, readNotice } from '#engine/calendar/index.ts';
import { manualTimers } from '#engine/clock/index.ts';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { isoFromUs } from '#protocol/time.ts';
import { CLOSING_US, clickDay, createPapers, DAY, type Papers } from '#test/support/gate-papers.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

let folder: string;
let papers: Papers;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-notice-'));
  papers = createPapers(folder);
});
afterEach(() => rmSync(folder, { recursive: true }));

function followed(paths = papers.paths) {
  const timers = manualTimers();
  const notices: Notice[] = [];
  const log = silentLog();
  followNotice({ paths, timers, log, onChange: (notice) => notices.push(notice) });
  const days = () => notices.map((notice) => notice.clickDays.map(({ id }) => id).join());
  const publish = (text: string) => {
    papers.lay(text);
    timers.advance(200);
  };
  return { timers, notices, days, publish };
}

const calendar = (...ids: string[]) => papers.calendar(ids.map((id) => clickDay({ id })));

describe('the notice', () => {
  it('is read at once, with windows in microseconds and the keys of passbooks', () => {
    papers.lay(papers.calendar([clickDay(), clickDay({ id: 'b', suspended: true })]));
    const { notices } = followed();
    expect(notices).toHaveLength(1);
    const window = { opensAtUs: OPENING_US, closesAtUs: CLOSING_US };
    expect(notices[0]!.windows).toEqual([
      { id: DAY, ...window, suspended: false },
      { id: 'b', ...window, suspended: true },
    ]);
    expect(notices[0]!.keys).toHaveLength(1);
    expect(readNotice(papers.paths)?.clickDays).toHaveLength(2);
  });

  it('is told again when it changes, not when the same text is laid there', () => {
    const { publish, days } = followed();
    const first = calendar('a');
    publish(first);
    publish(first);
    publish(calendar('a', 'b'));
    expect(days()).toEqual(['a', 'a,b']);
  });

  it('stays when the new one is forged, cut short, gone, or a passbook', () => {
    const { publish, days, timers } = followed();
    publish(calendar('a'));
    publish(papers.calendar([clickDay({ id: 'forged' })], generateSigningKey()));
    publish(calendar('cut').slice(0, -4));
    publish('');
    publish(papers.passbook({ applications: ['x'] }));
    rmSync(papers.paths.calendar);
    timers.advance(200);
    expect(days()).toEqual(['a']);
  });

  it('stays when the new one has a day that closes before it opens, or no instant', () => {
    const { publish, days } = followed();
    publish(papers.calendar([clickDay({ closesAt: isoFromUs(OPENING_US) })]));
    publish(papers.calendar([clickDay({ opensAt: 'tomorrow' })]));
    publish(papers.calendar([clickDay({ opensAt: '2011-13-31T07:00:00Z' })]));
    expect(days()).toEqual([]);
  });

  it('comes from the gate’s own copy when there is none, or none that verifies', () => {
    followed().publish(calendar('kept'));
    rmSync(papers.paths.calendar);
    expect(followed().days()).toEqual(['kept']);
    papers.lay('damaged');
    expect(followed().days()).toEqual(['kept']);
  });

  it('is not taken from a copy that was altered', () => {
    followed().publish(calendar('kept'));
    rmSync(papers.paths.calendar);
    writeFileSync(papers.paths.kept, papers.calendar([clickDay()], generateSigningKey()));
    expect(followed().days()).toEqual([]);
  });

  it('counts for nothing while the portal’s key is missing or damaged, and then does', () => {
    const trusted = join(folder, 'later.json');
    papers.lay(calendar('a'));
    const { timers, days } = followed({ ...papers.paths, portalKey: trusted });
    for (const text of ['', '{', '{"keys":[{}]}', '{"keys":[]}']) {
      writeFileSync(trusted, text);
      timers.advance(200);
      expect(days()).toEqual([]);
    }
    writeFileSync(trusted, JSON.stringify({ keys: [papers.jwk] }));
    timers.advance(200);
    expect(days()).toEqual(['a']);
  });

  it('is followed even when the copy cannot be kept', () => {
    const kept = join(folder, 'no', 'such', 'folder', 'kept.jws');
    const { publish, days } = followed({ ...papers.paths, kept });
    publish(calendar('a'));
    expect(days()).toEqual(['a']);
  });
});
