/** All checks in their order: what comes first is what later ones rely on. */
import type { Check } from '../kit.ts';
import { connectionChecks } from './connection.ts';
import { frameChecks } from './frames.ts';
import { helloChecks } from './hello.ts';
import { httpChecks } from './http.ts';
import { logChecks } from './log.ts';
import { refusalChecks } from './refusals.ts';
import { submissionChecks } from './submissions.ts';

export const CHECKS: readonly Check[] = [
  ...connectionChecks,
  ...helloChecks,
  ...frameChecks,
  ...httpChecks,
  ...refusalChecks,
  ...submissionChecks,
  ...logChecks,
];
