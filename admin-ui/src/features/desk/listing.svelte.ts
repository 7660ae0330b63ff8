/** A list that is read as a whole: what it holds, or why it could not be read. */
import { type ApiProblem, asProblem } from '../../api/problem.ts';

export class Listing<Item> {
  /** Null until the first answer. */
  items = $state.raw<readonly Item[] | null>(null);
  problem = $state.raw<ApiProblem | null>(null);
  readonly #read: () => Promise<readonly Item[]>;

  constructor(read: () => Promise<readonly Item[]>) {
    this.#read = read;
  }

  load = async (): Promise<void> => {
    try {
      this.items = await this.#read();
      this.problem = null;
    } catch (error) {
      this.problem = asProblem(error);
    }
  };
}
