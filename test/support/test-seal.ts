/** Test seals for tests: made once a file, of either algorithm. */
import { createTestSeal, type SealAlgorithm } from '#engine/receipts/seal/certificate.ts';
import { sealMaterial } from '#engine/receipts/seal/material.ts';

/** 2010-06-01: before the openings of the tests. */
const MADE_AT_US = 1_275_350_400_000_000;

export function testSeal(algorithm: SealAlgorithm = 'ec') {
  const serial = Buffer.alloc(16, 7);
  const organization = 'Prefettura di prova';
  const key = createTestSeal({ organization, madeAtUs: MADE_AT_US, serial, algorithm });
  return sealMaterial(key, true);
}
