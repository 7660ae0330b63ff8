/** Made-up texts to choose from: companies with an owner's surname, tasks, projects. */
import type { Dice } from './dice.ts';
import people from './people.json' with { type: 'json' };

const lists: Readonly<Record<string, readonly string[]>> = {
  company: people.companies,
  task: people.tasks,
  street: people.streets,
};

/** A text of that list; the empty text for a list that is not there. */
export function stock(dice: Dice, list: string): string {
  return dice.pick(lists[list] ?? []).replace('{s}', dice.pick(people.names.it.s));
}
