/**
 * Takes a file in and judges it: what it is by its own bytes, whether its name agrees. It is on the
 * disk then, without a place yet; the caller gives it one with its row, or drops it.
 */
import { ATTACHMENT_BYTES_MAX } from '#protocol/attachments-api.ts';
import type { OutcomeCode } from '#protocol/outcomes.ts';
import type { Random } from '../../foundation/random.ts';
import { Refusal } from '../http/refusal.ts';
import { cleanName } from './file-name.ts';
import type { Incoming, StoredFiles } from './files.ts';

export interface IncomingFile {
  readonly name: string;
  readonly stream: AsyncIterable<Buffer>;
  /** True when the stream was cut because the file is too large; known at its end. */
  readonly isCut: () => boolean;
}

/** What may be added, and what is said of anything else. */
export interface AcceptedTypes {
  /** Undefined when it is none of them. */
  typeOf(incoming: Incoming): string | undefined;
  extensions(type: string): readonly string[];
  readonly refusal: OutcomeCode;
}

export interface Received {
  readonly incoming: Incoming;
  readonly type: string;
  readonly name: string;
}

export interface ReceiverParts {
  readonly files: StoredFiles;
  readonly random: Random;
  readonly types: AcceptedTypes;
  readonly limits: {
    /** The disk is the ledgers' as well: with less room nothing is added. */
    readonly attachmentsFreeBytesMin: number;
    readonly uploadsAtOnceMax: number;
  };
}

export interface Receiver {
  /** Before any of it is read. Refuses ATTACHMENTS_NO_ROOM. */
  requireRoom(): Promise<void>;
  /** Refuses BUSY, ATTACHMENT_TOO_LARGE, ATTACHMENT_NAME and the refusal of the types. */
  receive(file: IncomingFile): Promise<Received>;
}

const RETRY_MS = 2000;

export function createReceiver({ files, random, types, limits }: ReceiverParts): Receiver {
  let underWay = 0;
  const judge = (file: IncomingFile, incoming: Incoming) => {
    const isLarge = file.isCut() || incoming.bytes > ATTACHMENT_BYTES_MAX;
    if (isLarge) throw new Refusal('ATTACHMENT_TOO_LARGE');
    const type = types.typeOf(incoming);
    if (type === undefined) throw new Refusal(types.refusal);
    const name = cleanName(file.name, types.extensions(type));
    if (name === undefined) throw new Refusal('ATTACHMENT_NAME');
    return { type, name };
  };
  return {
    requireRoom: async () => {
      const free = await files.freeBytes();
      if (free < limits.attachmentsFreeBytesMin) throw new Refusal('ATTACHMENTS_NO_ROOM');
    },
    receive: async (file) => {
      if (underWay >= limits.uploadsAtOnceMax)
        throw new Refusal('BUSY', { retryAfterMs: RETRY_MS });
      underWay += 1;
      try {
        const incoming = await files.receive(file.stream, random.id());
        try {
          return { incoming, ...judge(file, incoming) };
        } catch (error) {
          await incoming.drop();
          throw error;
        }
      } finally {
        underWay -= 1;
      }
    },
  };
}
