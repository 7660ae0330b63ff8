/**
 * Every bound of the click-day path in one place, with what is answered when it is reached
 * (architecture rule 7), and the relations that must hold between them, asserted when this file is
 * read. Bounds of the contract (protocol §3) stand here too, so that they are seen together.
 */
import { assert } from './foundation/assert.ts';
import { FRAME_BYTES_MAX, HELLO_BYTES_MAX } from './protocol/frames.ts';

export const limits = Object.freeze({
  /** Submissions of one connection without an answer; more wait for a turn. */
  inFlightPerConnection: 8,
  /** Frames of one connection that wait for a turn; more get RATE_LIMITED. */
  waitingPerConnectionMax: 1024,
  /** Applications presented on one connection; more get APPLICATIONS_TOO_MANY. */
  applicationsPerConnectionMax: 10_000,
  /** Connections of one account; one more is closed with 4429. */
  connectionsPerAccountMax: 4,
  /** Connections of one address that is not this machine's; one more is closed with 4429. */
  connectionsPerAddressMax: 4096,
  /** Connections in all; one more is closed with 4429. */
  connectionsMax: 100_000,
  /** A frame larger than this ends the connection with 1009, at whatever size of ours it is. */
  frameBytesMax: FRAME_BYTES_MAX,
  helloBytesMax: HELLO_BYTES_MAX,
  /** What the socket library reads before it gives up without a word. */
  socketBytesMax: 1024 * 1024,
  /** Unread answers of one connection; one that does not read is closed. */
  unreadBytesMax: 512 * 1024,
  /** Entries of one commit. */
  batchEntriesMax: 4096,
  /**
   * Frames that wait for a turn in all. When they are so many, a connection may have only its share
   * of them waiting beyond its in-flight limit; more get RATE_LIMITED.
   */
  waitingMax: 65_536,
  /** Refusals held around an opening; whoever else is too early is told at once. */
  earlyHeldMax: 65_536,
  /** Entries waiting for a commit: the slots of 32,768 connections; more get OVERLOADED. */
  queueEntriesMax: 262_144,
  /** Passbooks of HTTP submitters kept checked; the oldest go. */
  passbooksCachedMax: 10_000,
  /** Body of an HTTP submission; more gets 413. */
  httpBodyBytesMax: FRAME_BYTES_MAX,
  /** Practice submissions of all senders, repeats too; more get OVERLOADED. */
  rehearsalsPerSecondMax: 200,
  /** Entries of the ledger of rehearsals; then it is begun anew. Some 35 MB. */
  rehearsalEntriesMax: 100_000,
  /** Lines for rehearsals on one connection; more get APPLICATIONS_TOO_MANY. */
  rehearsalsPerConnectionMax: 1_000,
  helloWithinMs: 10_000,
  idleMs: 30 * 60_000,
  /** A socket that says nothing at all, not even pong (seconds, the library's unit). */
  silentSocketSeconds: 120,
  /** TOO_EARLY: the longest wait for a doubt of the clock, which may end at any moment. */
  doubtRetryMsMax: 5_000,
  /** Shut-down: time for the last commit and the closing frames. */
  drainMs: 5_000,
});

assert(limits.waitingPerConnectionMax >= limits.inFlightPerConnection, 'waiting below in flight');
assert(limits.queueEntriesMax >= limits.batchEntriesMax, 'the queue must hold one batch');
assert(limits.socketBytesMax > limits.helloBytesMax, 'an oversized hello must reach us');
