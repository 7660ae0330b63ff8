/**
 * The time servers of a scenario: honest ones, some that lose packets, a minority that lies, a
 * majority that lies (true time is not checked there), none at all; and all that lie alike, which
 * dates and last references have to show.
 */
import type { Dice } from './dice.ts';

const SECOND_US = 1_000_000;
export const LIE_OF_ALL_US = 10 * SECOND_US;

const KINDS = [
  ...(['honest', 'honest', 'honest', 'losing', 'lying', 'none', 'fooled'] as const),
  ...(['all-lie', 'all-turn'] as const),
];

/** The servers, what all of them lie from the start, and which faults this world bears. */
export function drawTime(dice: Dice) {
  const kind = dice.pick(KINDS);
  const count =
    kind === 'none' ? 0 : kind === 'lying' || kind === 'fooled' ? 5 : dice.between(1, 4);
  const liars = kind === 'lying' ? dice.between(1, 2) : kind === 'fooled' ? 3 : 0;
  const timeServers = Array.from({ length: count }, (_, index) => ({
    address: `10.0.0.${index + 1}`,
    errorUs: dice.between(-2_000, 2_000),
    lieUs: index < liars ? dice.pick([-1, 1]) * dice.pick([8_000, 90_000, 10 * SECOND_US]) : 0,
    lossProbability: kind === 'losing' ? dice.pick([0.1, 0.5, 0.9]) : 0,
    delayUsMax: dice.pick([400, 5_000, 20_000]),
  }));
  return {
    timeServers,
    isClockFooled: kind === 'fooled',
    maySetDates: kind === 'honest',
    maySilence: kind !== 'lying',
    lieOfAllUs: kind === 'all-lie' ? dice.pick([-1, 1]) * LIE_OF_ALL_US : 0,
    mayAllTurn: kind === 'all-turn',
  };
}
