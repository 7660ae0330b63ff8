/** One line of the catalogue: what a code means to programs and to people. */
export interface Outcome {
  readonly status?: number;
  readonly close?: number;
  readonly retryable: boolean;
  readonly it: string;
  readonly en: string;
}
