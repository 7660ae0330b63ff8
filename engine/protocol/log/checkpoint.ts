/**
 * A checkpoint: how large the log was and what its root was (C2SP tlog-checkpoint). The text of a
 * signed note: origin, size, root, one a line; lines after that are extensions.
 */
import { fromBase64, toBase64 } from './base64.ts';

export interface Checkpoint {
  /** The log's name, which is also its key's. */
  readonly origin: string;
  /** Entries, from 0. */
  readonly size: number;
  /** RFC 6962 root, 32 bytes. */
  readonly root: Uint8Array;
}

const ROOT_BYTES = 32;

export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/** The checkpoint in a note's text, extensions left out; undefined when it is none. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const [origin, size, encoded, ...rest] = text.split('\n');
  const root = fromBase64(encoded ?? '');
  if (origin === undefined || origin === '' || rest.at(-1) !== '') return undefined;
  if (size === undefined || !/^(0|[1-9]\d{0,15})$/.test(size)) return undefined;
  if (!Number.isSafeInteger(Number(size)) || root?.length !== ROOT_BYTES) return undefined;
  return { origin, size: Number(size), root };
}
