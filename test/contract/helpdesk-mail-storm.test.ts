/** More mails that open tickets than an hour may have, from as many senders, over real SMTP. */
import { expect, it } from 'vitest';
import { HOUR_US, openWorld } from '#test/contract/portal-world.ts';
import { writeMail } from '#test/support/outside-mail.ts';

const DESK = 'aiuto@clickday.example';

it('lets who opens a ticket wait their turn, the first first, and loses none; answers go on', async () => {
  const calm = await openWorld({
    mailbox: {
      ...{ deskAddress: DESK, ownAddress: 'no-reply@clickday.example', authserv: '' },
      ...{ listen: { host: '127.0.0.1', port: 0 }, limits: { ticketsOfAll: 2 } },
    },
  });
  try {
    const { database, portal, clock } = calm;
    const address = portal.mailbox?.address() ?? '';
    const subjects = () =>
      database.all(database.build.selectFrom('tickets').select('subject').orderBy('id'));
    const came = async (from: string, subject: string) => {
      await writeMail(address, { from, to: DESK, subject, text: 'Buongiorno' });
      await portal.mailbox?.settle();
    };
    for (let n = 1; n <= 6; n += 1) {
      await came(`s${n}@example.net`, `Mail ${n}`);
      clock.advance(1_000_000);
    }
    expect(subjects().map(({ subject }) => subject)).toEqual(['Mail 1', 'Mail 2']);
    expect(portal.mailbox?.counts()).toEqual({ waiting: 4, failed: 0, held: 4 });
    // Each at the time when its place is free: it is read again once, not every time one is.
    const { build, all } = database;
    const line = build.selectFrom('incoming_mails').select('next_attempt_us').orderBy('id');
    const [first = 0, ...others] = all(line.where('status', '=', 'waiting')).map(
      (row) => row.next_attempt_us,
    );
    const seconds = others.map((atUs) => (atUs - first) / 1_000_000);
    expect(seconds).toEqual([1, 3_600, 3_601]);
    const metrics = await (await fetch(`${calm.address}/metrics`)).text();
    expect(metrics).toContain('clickday_portal_incoming_mails_held 4');
    const { number } = database.first(database.build.selectFrom('tickets').selectAll())!;
    await came('s1@example.net', `Re: [#${number}]`);
    expect(portal.mailbox?.counts().waiting).toBe(4);
    clock.advance(HOUR_US - 6_000_001);
    await portal.mailbox?.settle();
    expect(subjects()).toHaveLength(2);
    clock.advance(1);
    await portal.mailbox?.settle();
    expect(subjects().map(({ subject }) => subject)).toEqual(['Mail 1', 'Mail 2', 'Mail 3']);
    clock.advance(1_000_000);
    await came('new@example.net', 'Mail 7');
    expect(subjects().at(-1)?.subject).toBe('Mail 4');
    for (let hours = 0; hours < 2; hours += 1) {
      clock.advance(HOUR_US);
      await portal.mailbox?.settle();
    }
    const everyone = Array.from({ length: 7 }, (_, at) => `Mail ${at + 1}`);
    expect(subjects().map(({ subject }) => subject)).toEqual(everyone);
    expect(portal.mailbox?.counts()).toEqual({ waiting: 0, failed: 0, held: 0 });
  } finally {
    await calm.close();
  }
});
