/**
 * People who ask for help by the form: keep-alive connections that send one request at a time, on
 * a schedule or as fast as they are answered. What was answered 201 is kept, to be looked for in
 * the database afterwards.
 */
import { connectAsker, sharedReadBuffer } from '#bench/drivers/http-client.ts';

export interface TicketPlan {
  readonly url: string;
  /** Values of the cookie `clickday`: a ticket each, in this order. */
  readonly sessions: readonly string[];
  readonly connections: number;
  /** In all; as fast as they are answered when not given. */
  readonly perSecond?: number;
}

export interface OpenedTicket {
  readonly id: string;
  readonly number: string | null;
}

export interface TicketResult {
  readonly opened: readonly OpenedTicket[];
  /** From the intended send; ms, of those that were opened. */
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
  /** Answers that were neither 201 nor "come again", which is tried again. */
  readonly refused: readonly string[];
  readonly busy: number;
}

const WORDS = ['pagina', 'bianca', 'modulo', 'ricevuta', 'firma', 'allegato', 'orologio', 'invio'];
const BUSY_PAUSE_MS = 250;
const STATUS_BUSY = 503;
const HEAD_END = '\r\n\r\n';

/** Opens a ticket of each session. */
export async function sendTickets(plan: TicketPlan): Promise<TicketResult> {
  const startedMs = performance.now();
  const buffer = sharedReadBuffer();
  const result = { opened: [] as OpenedTicket[], latenciesMs: [] as number[] };
  const refused: string[] = [];
  let [next, busy] = [0, 0];
  const send = async () => {
    const asker = connectAsker(plan.url, buffer);
    while (next < plan.sessions.length) {
      const at = next;
      next += 1;
      const dueMs = startedMs + (plan.perSecond === undefined ? 0 : (at * 1_000) / plan.perSecond);
      if (plan.perSecond !== undefined) await until(dueMs);
      const sentMs = plan.perSecond === undefined ? performance.now() : dueMs;
      const request = requestOf(plan, at);
      let answer = await asker.ask(request);
      while (answer.status === STATUS_BUSY) {
        busy += 1;
        await until(performance.now() + BUSY_PAUSE_MS);
        answer = await asker.ask(request);
      }
      const body = answer.text.slice(answer.text.indexOf(HEAD_END) + HEAD_END.length);
      if (answer.status === 201) {
        result.latenciesMs.push(performance.now() - sentMs);
        const { id, number } = JSON.parse(body) as OpenedTicket;
        result.opened.push({ id, number });
      } else refused.push(`${answer.status} ${body.slice(0, 200)}`);
    }
    asker.close();
  };
  await Promise.all(Array.from({ length: plan.connections }, send));
  return { ...result, elapsedMs: performance.now() - startedMs, refused, busy };
}

function requestOf({ url, sessions }: TicketPlan, at: number): Buffer {
  const [one, other] = [WORDS[at % WORDS.length], WORDS[(at >> 3) % WORDS.length]];
  const body = JSON.stringify({
    ...{ kind: 'technical', subject: `Problema con ${one} ${other}` },
    text: `Dopo l’invio la ${one} resta ${other}.\nHo provato due volte. Caso ${at}.`,
  });
  const head = [
    'POST /api/tickets HTTP/1.1',
    `host: ${new URL(url).host}`,
    `cookie: clickday=${sessions[at]}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join('\r\n')}${HEAD_END}${body}`);
}

async function until(dueMs: number): Promise<void> {
  const restMs = dueMs - performance.now();
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
}
