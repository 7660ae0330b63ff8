/** The keys of the help desk. */
import { integer, oneOf } from './config-checks.ts';
import { key } from './config-key.ts';

export const helpdeskKeys = [
  key(
    'helpdeskAccept',
    'operator|at-once',
    'at-once',
    'Who accepts a request for help: it gets its number and a mail at once, or when an operator has looked. At once, who sends nonsense gets a number too.',
    oneOf('operator', 'at-once'),
  ),
  key(
    'helpdeskTicketsAnHour',
    'count',
    '10',
    'Requests that one account may open in an hour. Too low: people write unrelated things into one; too high: one account fills the queue.',
    integer(1, 1000),
  ),
  key(
    'helpdeskMessagesAnHour',
    'count',
    '60',
    'Messages that one account may write in an hour, in all its requests.',
    integer(1, 10_000),
  ),
  key(
    'helpdeskOpenMax',
    'count',
    '50',
    'Requests of one account that are not closed; more are refused.',
    integer(1, 10_000),
  ),
  key(
    'helpdeskWaitingDays',
    'days',
    '14',
    'A request that waits so long for what its user was asked is closed by time. Too low: shut on who is away for a week.',
    integer(1, 3650),
  ),
  key(
    'helpdeskAnsweredDays',
    'days',
    '7',
    'A request that was answered and on which its user says no more is closed by time.',
    integer(1, 3650),
  ),
  key(
    'helpdeskKeptDays',
    'days',
    '365',
    'Words, files and addresses in requests of callers and senders without an account are erased so long after their end. Too low: gone while their answer is still disputed; too high: personal data kept for nothing.',
    integer(1, 3650),
  ),
] as const;
