/** What the configuration says of the help desk. */
import type { HelpdeskLimits } from '#engine/portal/index.ts';
import { type Config, text } from '../config.ts';

export function helpdeskIn(config: Config): HelpdeskLimits {
  return {
    isAcceptedAtOnce: text(config, 'helpdeskAccept') === 'at-once',
    ticketsAnHour: Number(text(config, 'helpdeskTicketsAnHour')),
    messagesAnHour: Number(text(config, 'helpdeskMessagesAnHour')),
    openTicketsMax: Number(text(config, 'helpdeskOpenMax')),
    waitingDays: Number(text(config, 'helpdeskWaitingDays')),
    answeredDays: Number(text(config, 'helpdeskAnsweredDays')),
    keptDays: Number(text(config, 'helpdeskKeptDays')),
  };
}
