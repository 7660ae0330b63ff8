/**
 * One question to an NTP server and its answer, as bytes (RFC 5905 §7.3, client mode): for a
 * program that wants to know how wrong its computer is, not for a clock that opens anything
 * (engine/clock). The transmit time of the question is random, so that an answer that echoes it is
 * an answer to it, and nobody learns what the computer thinks the time is.
 */
import type { ClockExchange } from './clock-estimate.ts';

export const NTP_PACKET_BYTES = 48;
export const NTP_NONCE_BYTES = 8;

/** Leap indicator 0, version 4, mode 3. */
const CLIENT_HEAD = 0x23;
const MODE_SERVER = 4;
const LEAP_UNSYNCHRONISED = 3;
const STRATUM_MAX = 15;
const SECONDS_1900_TO_1970 = 2_208_988_800;
/** Era 1 begins in February 2036; a time stamp below this is of that era. */
const ERA_SECONDS = 2 ** 32;
const ERA_0_FROM = 2 ** 31;
const US = 1_000_000;
const ROOT_DISTANCE_US_MAX = 1_500_000;

export type NtpAnswer = Pick<
  ClockExchange,
  'serverReceivedAtUs' | 'serverSentAtUs' | 'serverUncertaintyUs'
>;

export function ntpQuestion(nonce: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(NTP_PACKET_BYTES);
  bytes[0] = CLIENT_HEAD;
  bytes.set(nonce.subarray(0, NTP_NONCE_BYTES), 40);
  return bytes;
}

/** What the server says of the time; undefined when it is no answer to us, or knows no time. */
export function readNtpAnswer(bytes: Uint8Array, nonce: Uint8Array): NtpAnswer | undefined {
  if (bytes.length < NTP_PACKET_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [head, stratum] = [view.getUint8(0), view.getUint8(1)];
  const isEcho = nonce.every((byte, at) => bytes[24 + at] === byte);
  const isTime = stratum >= 1 && stratum <= STRATUM_MAX && head >> 6 !== LEAP_UNSYNCHRONISED;
  if (!isEcho || (head & 7) !== MODE_SERVER || !isTime) return undefined;
  const serverReceivedAtUs = instantUs(view, 32);
  const serverSentAtUs = instantUs(view, 40);
  const serverUncertaintyUs = durationUs(view, 4) / 2 + durationUs(view, 8);
  const isSound =
    serverReceivedAtUs <= serverSentAtUs && serverUncertaintyUs < ROOT_DISTANCE_US_MAX;
  return isSound ? { serverReceivedAtUs, serverSentAtUs, serverUncertaintyUs } : undefined;
}

function instantUs(view: DataView, at: number): number {
  const seconds = view.getUint32(at);
  const whole = seconds < ERA_0_FROM ? seconds + ERA_SECONDS : seconds;
  const fraction = view.getUint32(at + 4) / 2 ** 32;
  return (whole - SECONDS_1900_TO_1970) * US + Math.round(fraction * US);
}

/** 16 bits of seconds, 16 of their fraction. */
function durationUs(view: DataView, at: number): number {
  return Math.ceil((view.getUint32(at) / 2 ** 16) * US);
}
