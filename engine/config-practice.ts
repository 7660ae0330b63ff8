/** The keys of practice: rehearsal windows, and how they rest around real click days. */
import type { Rest } from '#protocol/rehearsal.ts';
import { integer, oneOf } from './config-checks.ts';
import { key } from './config-key.ts';

export const practiceKeys = [
  key(
    'practice',
    'always|windows|no',
    'always',
    'When people may practise the sending, of no value. always: by themselves at any time that is far enough from a real opening; windows: only when an administrator opens a rehearsal window; no: never.',
    oneOf('always', 'windows', 'no'),
  ),
  key(
    'practiceStopsHours',
    'h',
    '2',
    'How long before a real opening nobody can practise any more. Too low: practice meets those who connect early; too high: the last ones are not tested.',
    integer(1, 720),
  ),
  key(
    'practiceAgainHours',
    'h',
    '24',
    'How long after a real opening practice rests, at most until that click day closes. Too low: practice meets the peak; too high: nobody practises for a click day that opens while another is open.',
    integer(1, 8760),
  ),
] as const;

const US_AN_HOUR = 3_600_000_000;

/** How practice rests around real click days. */
export function restIn(config: Readonly<Record<string, string>>): Rest {
  return {
    beforeUs: Number(config.practiceStopsHours) * US_AN_HOUR,
    afterUs: Number(config.practiceAgainHours) * US_AN_HOUR,
  };
}
