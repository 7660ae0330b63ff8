/**
 * Why a receipt is refused: a stable code of the outcome catalogue, and a closer reason in words of
 * both languages (words.ts). Thrown inside this folder alone; verify.ts makes a verdict of it.
 */
import type { ReceiptCode } from '../outcome-catalogue/receipt.ts';
import type { Reason } from './words.ts';

export class ReceiptRefused extends Error {
  override name = 'ReceiptRefused';
  readonly code: ReceiptCode;
  readonly reason: Reason;

  constructor(code: ReceiptCode, reason: Reason) {
    super(`${code}: ${reason}`);
    this.code = code;
    this.reason = reason;
  }
}

/** The receipt is not what was sealed, or not written as receipts are. */
export function altered(reason: Reason): ReceiptRefused {
  return new ReceiptRefused('RECEIPT_ALTERED', reason);
}
