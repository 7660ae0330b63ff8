/**
 * The practice submission: the very sender of the day, with a line made for it, to each gate; then
 * its receipt, fetched and looked at as any receipt is.
 */
import { entryNamed } from '#protocol/entry.ts';
import type { Accepted } from '#protocol/frames.ts';
import { verifyReceipt } from '#protocol/receipt/index.ts';
import type { PracticeAnswer, PracticeLine } from '#protocol/rehearsals-api.ts';
import { type CheckResult, createSender, openJournal, type SenderResult } from '../core/index.ts';
import type { SelfTestParts } from './parts.ts';
import { messageOf } from './portal-checks.ts';
import { resultOf, textOf } from './texts.ts';

const ANSWER_MS_MAX = 20_000;
/** The portal gives an account so many lines in one go. */
const GATES_MAX = 8;

/** A line to practise with for each gate, or the result that says why there is none. */
export async function practiceLines(
  parts: SelfTestParts,
  gates: readonly string[],
): Promise<Map<string, PracticeLine> | CheckResult> {
  const { language, portal } = parts;
  try {
    const state = await portal.practice();
    if (!state.offered) {
      return resultOf(language, 'practice', { light: 'yellow', what: 'practiceNone' });
    }
    if (!state.isOpen) return rests(parts, state);
    const lines = new Map<string, PracticeLine>();
    for (const gate of gates.slice(0, GATES_MAX)) lines.set(gate, await portal.practiceLine());
    return lines;
  } catch (error) {
    return resultOf(language, 'practice', {
      ...{ light: 'red', what: 'practiceFails', todo: 'practiceRefusedDo' },
      values: { reason: messageOf(error) },
    });
  }
}

function rests({ language }: SelfTestParts, { from }: PracticeAnswer): CheckResult {
  const values = { from: from ?? textOf(language, 'later') };
  return resultOf(language, 'practice', {
    ...{ light: 'yellow', what: 'practiceRests', todo: 'practiceRestsDo', values },
  });
}

/** The submission to one gate and, when it is accepted, its receipt. */
export async function practise(
  parts: SelfTestParts,
  gate: string,
  line: PracticeLine,
): Promise<CheckResult[]> {
  const { language } = parts;
  const { accepted, rejected } = await sent(parts, gate, line);
  const [refusal] = rejected;
  const [outcome] = accepted;
  if (outcome !== undefined) {
    const { message, latencyMs } = outcome;
    const ms = Math.round(latencyMs * 10) / 10;
    const { protocol } = message;
    const done = resultOf(language, 'practice', {
      ...{ light: 'green', what: 'practice', values: { url: gate, protocol, ms } },
      figures: { protocol, latencyMs: ms, gate },
    });
    return [done, await checkReceipt(parts, message)];
  }
  if (refusal !== undefined) {
    const { code, message } = refusal;
    const isResting = code === 'REHEARSAL_PAUSED';
    return [
      resultOf(language, 'practice', {
        light: isResting ? 'yellow' : 'red',
        what: 'practiceRefused',
        todo: isResting ? 'practiceRestsDo' : 'practiceRefusedDo',
        values: { url: gate, code, message },
        figures: { code, gate },
      }),
    ];
  }
  return [
    resultOf(language, 'practice', {
      ...{ light: 'red', what: 'practiceLost', todo: 'gateFailsDo' },
      values: { url: gate, seconds: ANSWER_MS_MAX / 1000 },
    }),
  ];
}

/** Its journal is nobody's: what is practised must never look like something that was sent. */
async function sent(
  parts: SelfTestParts,
  gate: string,
  { application, passbook }: PracticeLine,
): Promise<SenderResult> {
  const { openSocket, clock, timers, random } = parts;
  const sender = createSender({
    ...{ applications: [application], passbooks: [passbook], gates: [gate] },
    journal: openJournal({ read: () => '', append: async () => undefined }),
    ...{ openSocket, clock, timers, random },
    options: { client: 'clickday-mini-client/self-test' },
  });
  const cancel = timers.after(ANSWER_MS_MAX, () => sender.stop());
  sender.start();
  const result = await sender.finished;
  cancel();
  return result;
}

async function checkReceipt(parts: SelfTestParts, message: Accepted): Promise<CheckResult> {
  const { language, portal, host } = parts;
  try {
    const pdf = await portal.practiceReceipt(message.protocol);
    const { code } = await verifyReceipt(pdf, { seals: [], logs: [] });
    if (code !== 'RECEIPT_PRACTICE') {
      return resultOf(language, 'receipt', {
        ...{ light: 'red', what: 'receiptOdd', todo: 'receiptDo', values: { code } },
      });
    }
    const path = host.keepReceipt(entryNamed(message.protocol)?.gate ?? '', pdf);
    return resultOf(language, 'receipt', {
      ...{ light: 'green', what: 'receipt', values: { path }, figures: { path } },
    });
  } catch (error) {
    return resultOf(language, 'receipt', {
      ...{ light: 'red', what: 'receiptFails', todo: 'receiptDo' },
      values: { reason: messageOf(error) },
    });
  }
}
