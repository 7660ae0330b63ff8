/**
 * What was seen from outside while the world ran, with true instants: what the checkers compare the
 * stored bytes with. It trusts nothing that a process says of itself.
 */
import type { ClockReading } from '#engine/clock/index.ts';
import { usFromIso } from '#protocol/time.ts';

/** A submission that left a device. */
export interface SentSubmission {
  readonly atUs: number;
  /** When it lay in the gate's kernel; infinity if it never did. */
  arrivedAtUs: number;
  readonly device: string;
  readonly gate: string;
  readonly application: string;
  readonly ref: string | undefined;
}

/** An acceptance that left a gate, whether or not it arrived. */
export interface Acknowledged {
  readonly atUs: number;
  readonly gate: string;
  readonly device: string;
  readonly application: string;
  readonly ref: string | undefined;
  readonly protocol: string;
  readonly seq: number;
  readonly stampUs: number;
  readonly uncertaintyUs: number;
  readonly isDuplicate: boolean;
}

/** A refusal that left a gate. */
export interface Refused {
  readonly atUs: number;
  readonly gate: string;
  readonly application: string;
  readonly code: string;
}

/** What a device told its owner of one application. */
export interface Announced {
  readonly atUs: number;
  readonly device: string;
  readonly application: string;
  readonly kind: 'accepted' | 'rejected';
  /** The protocol number, or the code. */
  readonly text: string;
  readonly isJournaled: boolean;
}

/** A reading of a gate's clock that broke a promise. */
export interface WrongReading {
  readonly gate: string;
  readonly atUs: number;
  readonly what: string;
}

export class Evidence {
  readonly sent: SentSubmission[] = [];
  readonly acknowledged: Acknowledged[] = [];
  readonly refused: Refused[] = [];
  readonly announced: Announced[] = [];
  readonly wrongReadings: WrongReading[] = [];
  /** Errors that ended a process, other than the ends that the design asks for. */
  readonly uncaught: string[] = [];
  /** Places in the order in which the portal was told of them, with what stood there. */
  readonly applied: { readonly place: number; readonly protocol: string }[] = [];
  readonly #nowUs: () => number;
  readonly #lastReadingUs = new Map<string, number>();

  constructor(nowUs: () => number) {
    this.#nowUs = nowUs;
  }

  /** A text frame that a device sent; to be called when it arrives. */
  clientFrame(device: string, gate: string, text: string): () => void {
    if (!text.startsWith('{"type":"submit"')) return () => undefined;
    const { application, ref } = JSON.parse(text) as { application: string; ref?: string };
    const atUs = this.#nowUs();
    const arrivedAtUs = Number.POSITIVE_INFINITY;
    const sent: SentSubmission = { atUs, arrivedAtUs, device, gate, application, ref };
    this.sent.push(sent);
    return () => {
      sent.arrivedAtUs = this.#nowUs();
    };
  }

  /** A text frame that a gate sent to a device. */
  gateFrame(gate: string, device: string, text: string): void {
    const isAccepted = text.startsWith('{"type":"accepted"');
    if (!isAccepted && !text.startsWith('{"type":"rejected"')) return;
    const frame = JSON.parse(text) as Record<string, never>;
    const { application, ref, code } = frame;
    const atUs = this.#nowUs();
    if (!isAccepted) {
      this.refused.push({ atUs, gate, application: application ?? '', code: code ?? '' });
      return;
    }
    const { protocol, seq, stamp, uncertaintyUs, duplicate } = frame;
    this.acknowledged.push({
      ...({
        atUs,
        gate,
        device,
        application,
        ref,
        protocol,
        seq,
        uncertaintyUs,
      } as never as Acknowledged),
      stampUs: usFromIso(stamp as never),
      isDuplicate: duplicate === true,
    });
  }

  /** A reading of a gate's clock within one life of its process. */
  reading(process: string, gate: string, reading: Partial<ClockReading> & { nowUs: number }): void {
    const atUs = this.#nowUs();
    const { nowUs, uncertaintyUs } = reading;
    const last = this.#lastReadingUs.get(process) ?? 0;
    this.#lastReadingUs.set(process, nowUs);
    if (nowUs < last) {
      this.wrongReadings.push({ gate, atUs, what: `went back by ${last - nowUs} µs` });
    }
    const errorUs = Math.abs(nowUs - atUs);
    if (uncertaintyUs !== undefined && errorUs > uncertaintyUs) {
      const what = `is ${errorUs} µs off and says at most ${uncertaintyUs}`;
      this.wrongReadings.push({ gate, atUs, what });
    }
  }
}
