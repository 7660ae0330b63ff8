/**
 * How an answer by mail finds its ticket, and is believed.
 *
 *   letter  ─► Reply-To:   help+7K2MX9QT-<proof>@domain
 *              Message-ID: <7k2mx9qt.<proof>.<id>@domain>       (and a root, in References)
 *   answer  ─► To, In-Reply-To, References with the proof
 *
 * The proof is a keyed hash of the ticket (96 bits): only who has had a letter of it knows it. The
 * number alone proves nothing: it stands in subjects, is told on the telephone and forwarded.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Random } from '../../foundation/random.ts';
import type { ParsedMail, Threading } from '../../mail/index.ts';
import type { Database, TicketRow } from '../../store/database/index.ts';
import type { Vault } from '../accounts/vault.ts';
import { isErased } from '../helpdesk/erasure.ts';
import type { LetterKind } from '../helpdesk/index.ts';
import { tidyNumber } from '../helpdesk/number.ts';
import { ticketStore } from '../helpdesk/store.ts';

export interface Threads {
  /** What a letter about it carries; undefined while it has no number. */
  threadingOf(ticket: TicketRow, kind: LetterKind): Threading | undefined;
  /** Letters written in `work` answer this mail, by themselves. */
  answering<Result>(mail: ParsedMail, work: () => Result): Result;
  /** The ticket whose proof the mail carries. */
  proven(mail: ParsedMail): TicketRow | undefined;
  /** The ticket the mail names, which proves nothing. */
  named(mail: ParsedMail): TicketRow | undefined;
}

export interface ThreadParts {
  readonly database: Database;
  readonly random: Pick<Random, 'id'>;
  readonly vault: Pick<Vault, 'sign'>;
  /** `name@domain`, lower case. */
  readonly deskAddress: string;
}

const PROOF_BYTES = 12;
const PROOF = `[0-9a-f]{${PROOF_BYTES * 2}}`;
const NUMBER = '[0-9a-z]{8}';
const IN_SUBJECT = /\[#\s*([0-9A-Za-z]{4}-?[0-9A-Za-z]{4})\s*\]/;
/** An operator writes; these nobody does. */
const BY_ITSELF: ReadonlySet<LetterKind> = new Set(['accepted', 'closed', 'reopened']);
const MERGES_FOLLOWED_MAX = 10;

export function createThreads({ database, random, vault, deskAddress }: ThreadParts): Threads {
  const [name = '', domain = ''] = deskAddress.split('@');
  const store = ticketStore(database);
  let answered: string | null = null;
  const proofOf = ({ id }: TicketRow) =>
    Buffer.from(vault.sign(`mail about ticket ${id}`), 'base64url')
      .subarray(0, PROOF_BYTES)
      .toString('hex');
  const inAddress = new RegExp(`^${literal(name)}\\+(${NUMBER})-(${PROOF})@${literal(domain)}$`);
  const inId = new RegExp(`^<(${NUMBER})\\.(${PROOF})\\.[0-9a-z]+@${literal(domain)}>$`);
  const byNumber = (given: string) => {
    const number = tidyNumber(given);
    return number === undefined ? undefined : followed(store, store.byNumber(number));
  };
  const claims = ({ to, references }: ParsedMail) => [
    ...to.map((address) => inAddress.exec(address)),
    ...references.map((id) => inId.exec(id.toLowerCase())),
  ];
  return {
    threadingOf: (ticket, kind) => {
      if (ticket.number === null) return undefined;
      const number = ticket.number.replace('-', '').toLowerCase();
      const proof = proofOf(ticket);
      const id = (last: string) => `<${number}.${proof}.${last}@${domain}>`;
      const isAnswer = answered !== null;
      return {
        messageId: id(random.id().toLowerCase()),
        references: [id('ticket'), ...(answered === null ? [] : [answered])],
        inReplyTo: answered ?? id('ticket'),
        replyTo: `${name}+${number}-${proof}@${domain}`,
        ...(BY_ITSELF.has(kind) && { automatic: isAnswer ? 'auto-replied' : 'auto-generated' }),
      };
    },
    answering: (mail, work) => {
      answered = mail.messageId;
      try {
        return work();
      } finally {
        answered = null;
      }
    },
    proven: (mail) => {
      for (const [, number = '', proof = ''] of claims(mail).filter((claim) => claim !== null)) {
        const kept = tidyNumber(number);
        const ticket = kept === undefined ? undefined : store.byNumber(kept);
        if (ticket !== undefined && isEqual(proof, proofOf(ticket))) return followed(store, ticket);
      }
      return undefined;
    },
    named: (mail) => {
      const claim = claims(mail).find((one) => one !== null)?.[1];
      const number = claim ?? IN_SUBJECT.exec(mail.subject)?.[1];
      return number === undefined ? undefined : byNumber(number);
    },
  };
}

/** Where a merged ticket goes on. None that lost its words: what is written to it begins anew. */
function followed(
  store: ReturnType<typeof ticketStore>,
  ticket: TicketRow | undefined,
): TicketRow | undefined {
  let last = ticket;
  for (let steps = 0; last?.merged_into != null && steps < MERGES_FOLLOWED_MAX; steps += 1) {
    last = store.byId(last.merged_into);
  }
  return last === undefined || isErased(last) ? undefined : last;
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function literal(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '\\$&');
}
