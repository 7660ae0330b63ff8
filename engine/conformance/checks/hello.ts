/** Presenting passbooks (protocol §3). */
import { Welcome } from '#protocol/frames.ts';
import { usFromIso } from '#protocol/time.ts';
import { expect, expectEqual, expectShape, isOf } from '../judge.ts';
import type { Check } from '../kit.ts';

export const helloChecks: readonly Check[] = [
  {
    name: 'welcome',
    rule: 'hello is answered by welcome with gate, number of applications, click days, limit (§3)',
    run: async (stage) => {
      const account = stage.account();
      const session = await stage.greeted(account);
      const welcome = session.frames.find(isOf('welcome'))!;
      expectShape('welcome', Welcome, welcome);
      expectEqual('the number of applications', welcome.applications, account.lines.length);
      for (const day of welcome.clickDays as readonly { opensAt: string; closesAt: string }[]) {
        const isForward = usFromIso(day.closesAt) > usFromIso(day.opensAt);
        expect(isForward, `a click day closes at ${day.closesAt}, not after ${day.opensAt}`);
      }
    },
  },
  {
    name: 'hello-again',
    rule: 'a repeated hello is answered by welcome with the total (§3)',
    run: async (stage) => {
      const account = stage.account();
      const session = await stage.greeted(account);
      session.send({ type: 'hello', passbooks: account.passbooks, client: 'kit/1' });
      const [, again] = await session.all('a second welcome', isOf('welcome'), 2);
      expectEqual('the total', again?.applications, account.lines.length);
    },
  },
];
