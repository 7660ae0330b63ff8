/** The one thing that the day's column says, large, with the facts below it. */
import type { Language } from '#protocol/portal-api.ts';
import type { PageState } from '../../page/state.ts';
import { formatCount, formatTime } from './format.ts';
import { texts } from './texts.ts';

export interface BigState {
  readonly kind: 'calm' | 'good' | 'busy' | 'look';
  readonly title: string;
  readonly text: string;
}

/** Undefined while the button is what the column has to say. */
export function bigState(told: PageState, language: Language): BigState | undefined {
  const t = texts[language];
  const { phase, counts, opensAtUs, isSuspended } = told;
  const count = (value: number) => formatCount(value, language);
  const suspended: BigState = { kind: 'calm', title: t.suspended, text: t.suspendedText };
  switch (phase) {
    case 'choose':
      return undefined;
    case 'preparing':
      return { kind: 'calm', title: t.preparing, text: '' };
    case 'waiting': {
      if (isSuspended) return suspended;
      const { accepted, chosen } = counts;
      const time = opensAtUs === null ? '' : formatTime(opensAtUs / 1000, language);
      const ready = `${count(chosen - accepted)}/${count(chosen)}`;
      return { kind: 'calm', title: t.waitingTitle, text: t.waitingText(ready, time) };
    }
    case 'sending': {
      if (isSuspended) return suspended;
      const done = count(counts.accepted + counts.rejected);
      const text = t.sendingText(done, count(counts.chosen));
      return { kind: 'busy', title: t.sendingTitle, text };
    }
    case 'after': {
      const { accepted, rejected } = counts;
      if (rejected === 0) {
        return { kind: 'good', title: t.allAccepted, text: t.allAcceptedText(count(accepted)) };
      }
      const text = t.someRejectedText(count(accepted), count(rejected));
      return { kind: 'look', title: t.someRejected, text };
    }
  }
}
