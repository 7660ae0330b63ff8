/**
 * All submissions of one thread of the swarm: their frames, written one behind the other before
 * the clock runs, so that any number of neighbours leaves in one write; and when each was sent.
 *
 * A submission is known by its place here. With `refs` it carries that place as its `ref`, so that
 * an application may be submitted many times and every answer finds the send it belongs to.
 */
import { submitFrame } from '#bench/drivers/frames.ts';

/** The members of an answer that say which submission it answers. */
export interface Addressed {
  readonly application?: string;
  readonly ref?: string;
}

const NOWHERE = -1;

export class SubmissionBook {
  /** When each was last sent, ms of the thread's clock; NaN before. */
  readonly sentAtMs: Float64Array;
  readonly applications: readonly string[];
  readonly bytes: Buffer;
  /** Where the frame of each begins, and at the end where the last one ends. */
  readonly offsets: Uint32Array;
  #places: Map<string, number> | undefined;

  constructor(applications: readonly string[], options: { refs: boolean }) {
    this.applications = applications;
    this.sentAtMs = new Float64Array(applications.length).fill(Number.NaN);
    const frames = applications.map((application, place) =>
      submitFrame(application, options.refs ? String(place) : undefined),
    );
    this.bytes = Buffer.concat(frames);
    this.offsets = new Uint32Array(frames.length + 1);
    for (const [place, frame] of frames.entries()) {
      this.offsets[place + 1] = this.offsets[place]! + frame.length;
    }
  }

  /** The submission an answer names, -1 when it names none of these. */
  placeOf({ application, ref }: Addressed): number {
    if (ref !== undefined) {
      const place = Number(ref);
      return this.applications[place] === application ? place : NOWHERE;
    }
    this.#places ??= new Map(this.applications.map((one, place) => [one, place]));
    return this.#places.get(application ?? '') ?? NOWHERE;
  }
}
