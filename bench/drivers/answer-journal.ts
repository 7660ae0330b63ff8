/**
 * Every answer as it came, kept as bytes: during a run an answer costs one copy, and is understood
 * only afterwards. Memory is taken in blocks; a run of 400,000 answers keeps about 100 MB.
 */

const BLOCK_BYTES = 8 * 1024 * 1024;
const MINIMUM = 1_024;

export class AnswerJournal {
  readonly #blocks: Buffer[] = [];
  #used = BLOCK_BYTES;
  #connections: Uint32Array;
  #lengths: Uint16Array;
  #atMs: Float64Array;
  #count = 0;

  /** `expected` answers fit without growing. */
  constructor(expected: number) {
    const capacity = Math.max(MINIMUM, expected);
    this.#connections = new Uint32Array(capacity);
    this.#lengths = new Uint16Array(capacity);
    this.#atMs = new Float64Array(capacity);
  }

  get count(): number {
    return this.#count;
  }

  /** Keeps the payload that lies in `bytes` from `start` to `end`, less than 64 KiB. */
  append(connection: number, atMs: number, bytes: Buffer, start: number, end: number): void {
    if (this.#used + end - start > BLOCK_BYTES) this.#addBlock();
    if (this.#count === this.#atMs.length) this.#grow();
    bytes.copy(this.#blocks.at(-1)!, this.#used, start, end);
    this.#used += end - start;
    this.#connections[this.#count] = connection;
    this.#lengths[this.#count] = end - start;
    this.#atMs[this.#count] = atMs;
    this.#count += 1;
  }

  /** All answers in the order they came. */
  forEach(visit: (connection: number, atMs: number, text: string) => void): void {
    let block = 0;
    let from = 0;
    for (let row = 0; row < this.#count; row += 1) {
      const length = this.#lengths[row]!;
      if (from + length > BLOCK_BYTES) {
        block += 1;
        from = 0;
      }
      const text = this.#blocks[block]!.toString('utf8', from, from + length);
      from += length;
      visit(this.#connections[row]!, this.#atMs[row]!, text);
    }
  }

  #addBlock() {
    this.#blocks.push(Buffer.allocUnsafeSlow(BLOCK_BYTES));
    this.#used = 0;
  }

  #grow() {
    const capacity = this.#count * 2;
    this.#connections = grown(this.#connections, new Uint32Array(capacity));
    this.#lengths = grown(this.#lengths, new Uint16Array(capacity));
    this.#atMs = grown(this.#atMs, new Float64Array(capacity));
  }
}

function grown<T extends { set(from: T): void }>(old: T, larger: T): T {
  larger.set(old);
  return larger;
}
