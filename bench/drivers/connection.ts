/**
 * One connection of the swarm: the opening handshake, `hello`, and then submissions as its loop
 * tells it.
 *
 *     connecting ──101──► hello ──a welcome for each hello──► greeted ──► answers … closed
 *
 * During the run an answer costs a look at one byte and one copy: whether it is an acceptance or a
 * refusal stands at a fixed place of every frame that begins with its `type`; one that does not is
 * decoded. All answers of one chunk have one instant, and what they make due leaves in one write.
 */
import type { AnswerJournal } from '#bench/drivers/answer-journal.ts';
import { FIN_TEXT, FrameCutter, pongFrame, takeControl } from '#bench/drivers/frames.ts';
import { afterUpgrade, helloFrames, upgradeRequest } from '#bench/drivers/handshake.ts';
import { RawSocket } from '#bench/drivers/raw-socket.ts';
import type { SubmissionBook } from '#bench/drivers/submission-book.ts';

/** Where a connection goes. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly localAddress: string;
}

/** What the connections of a thread share. */
export interface Shared {
  readonly book: SubmissionBook;
  readonly journal: AnswerJournal;
  readonly readBuffer: Buffer;
}

/** One connection's part: its number, its passbooks, its submissions from `first` to `end`. */
export interface Task {
  readonly index: number;
  readonly passbooks: readonly string[];
  readonly first: number;
  readonly end: number;
}

/** Who decides what is sent, and when. */
export interface Loop {
  /** So many submissions of the connection have their final answer. */
  settled(connection: Connection, count: number, atMs: number): void;
  /** Whether a refusal, as its text says, is not final. */
  isSentAgain(connection: Connection, refusal: string): boolean;
  /** It is over with the connection. */
  failed(connection: Connection): void;
}

const ACCEPTED = 'a'.charCodeAt(0);
const REJECTED = 'r'.charCodeAt(0);
const ERROR = 'e'.charCodeAt(0);
/** `{"type":"` at the beginning of a frame: two bytes of it are looked at, and what follows. */
const TYPE_AT = 9;
const QUOTE = '"'.charCodeAt(0);
const LETTER_T = 't'.charCodeAt(0);

export class Connection {
  readonly task: Task;
  /** Why it ended before it was told to. */
  failure: string | undefined;
  /** Submissions with a final answer. */
  settledCount = 0;
  retries = 0;
  readonly #shared: Shared;
  readonly #target: Target;
  /** Until they are sent. */
  #hellos: readonly Buffer[];
  #unwelcomed: number;
  readonly #cutter = new FrameCutter((first, bytes, start, end) => {
    if (first === FIN_TEXT) this.#takeText(bytes, start, end);
    else takeControl(first, bytes.subarray(start, end), this.#control);
  });
  readonly #control = {
    closing: (code: number) => this.#fail(`closed with ${code}`),
    ping: (payload: Buffer) => {
      const pong = pongFrame(payload);
      this.#socket?.send(pong, 0, pong.length);
    },
  };
  #socket: RawSocket | undefined;
  #handshake: string | undefined = '';
  #next: number;
  #loop: Loop | undefined;
  #settledNow = 0;
  #atMs = 0;
  #greeted: () => void = () => undefined;

  constructor(task: Task, target: Target, shared: Shared) {
    this.task = task;
    this.#target = target;
    this.#shared = shared;
    this.#next = task.first;
    this.#hellos = helloFrames(task.passbooks);
    this.#unwelcomed = this.#hellos.length;
  }

  /** Resolves when the gate has said `welcome` to every hello, or on failure (see `failure`). */
  open(): Promise<void> {
    const { host, port, localAddress } = this.#target;
    return new Promise((resolve) => {
      this.#greeted = resolve;
      this.#socket = new RawSocket({
        ...{ host, port, localAddress, readBuffer: this.#shared.readBuffer },
        onRead: (bytes, length) => this.#received(bytes, length),
        onEnd: (reason) => this.#fail(reason),
      });
      this.#socket.write(upgradeRequest(this.#target));
    });
  }

  /** From now on answers count, and `loop` hears of them, also when it is over already. */
  follow(loop: Loop): void {
    this.#loop = loop;
    if (this.failure !== undefined) loop.failed(this);
  }

  /** Sends its next submissions, at most `count`, in one write. */
  submit(count: number, atMs: number): void {
    const { book } = this.#shared;
    const to = Math.min(this.#next + count, this.task.end);
    if (to === this.#next) return;
    book.sentAtMs.fill(atMs, this.#next, to);
    this.#socket?.send(book.bytes, book.offsets[this.#next]!, book.offsets[to]!);
    this.#next = to;
  }

  /** Sends one submission that was refused for a while. */
  submitAgain(place: number, atMs: number): void {
    const { book } = this.#shared;
    if (this.failure !== undefined) return;
    this.retries += 1;
    book.sentAtMs[place] = atMs;
    this.#socket?.send(book.bytes, book.offsets[place]!, book.offsets[place + 1]!);
  }

  close(): void {
    this.failure ??= 'ended';
    this.#loop = undefined;
    this.#socket?.destroy();
  }

  #received(bytes: Buffer, length: number) {
    this.#atMs = performance.now();
    try {
      if (this.#handshake === undefined) this.#cutter.push(bytes, length);
      else this.#readHandshake(this.#handshake + bytes.toString('latin1', 0, length));
    } catch (error) {
      this.#fail(String(error));
    }
    this.#tellSettled();
  }

  #tellSettled() {
    const count = this.#settledNow;
    if (count === 0) return;
    this.#settledNow = 0;
    this.settledCount += count;
    this.#loop?.settled(this, count, this.#atMs);
  }

  #readHandshake(text: string) {
    const rest = afterUpgrade(text);
    this.#handshake = rest === undefined ? text : undefined;
    if (rest === undefined) return;
    for (const hello of this.#hellos) this.#socket?.write(hello);
    this.#hellos = [];
    this.#cutter.push(Buffer.from(rest, 'latin1'));
  }

  #takeText(bytes: Buffer, start: number, end: number) {
    const type = typeOf(bytes, start, end);
    if (this.#loop === undefined) return this.#takeWelcome(bytes.toString('latin1', start, end));
    if (type === ERROR) return this.#fail(bytes.toString('utf8', start, end));
    if (type !== ACCEPTED && type !== REJECTED) return;
    this.#shared.journal.append(this.task.index, this.#atMs, bytes, start, end);
    if (type === REJECTED && this.#loop.isSentAgain(this, bytes.toString('utf8', start, end))) {
      return;
    }
    this.#settledNow += 1;
  }

  #takeWelcome(text: string) {
    if (!text.includes('"type":"welcome"')) return;
    this.#unwelcomed -= 1;
    if (this.#unwelcomed === 0) this.#greeted();
  }

  #fail(reason: string) {
    if (this.failure !== undefined) return;
    this.failure = reason;
    this.#socket?.destroy();
    this.#greeted();
    this.#tellSettled();
    this.#loop?.failed(this);
  }
}

/** The first letter of a frame's `type`. */
function typeOf(bytes: Buffer, start: number, end: number): number {
  if (bytes[start + 2] === LETTER_T && bytes[start + TYPE_AT - 1] === QUOTE) {
    return bytes[start + TYPE_AT]!;
  }
  const { type = '' } = JSON.parse(bytes.toString('utf8', start, end)) as { type?: string };
  return type.charCodeAt(0);
}
