/**
 * A page of the summary while it is being written. What is drawn becomes text at once and leaves
 * compressed when the page is full: the library would keep some twenty objects for each word of
 * every page until the end, more memory than all the rest of the program.
 */
import { deflateSync } from 'node:zlib';
import { drawLine, type PDFDocument, type PDFName, type PDFPage, rgb } from 'pdf-lib';
import type { Lettered, Lettering } from './lettering.ts';

const RULE = { color: rgb(0.8, 0.8, 0.8), thickness: 0.5, dashArray: [], dashPhase: 0 } as const;

export class Leaf {
  readonly #pdf: PDFDocument;
  readonly #page: PDFPage;
  readonly #letters: Lettering;
  readonly #font: PDFName;
  #drawn: string[] = [];

  constructor(pdf: PDFDocument, size: [number, number], letters: Lettering) {
    this.#pdf = pdf;
    this.#page = pdf.addPage(size);
    this.#letters = letters;
    this.#font = letters.keyOn(this.#page);
  }

  write(text: string, lettered: Lettered): void {
    this.#draw(this.#letters.drawn(this.#font, text, lettered));
  }

  rule(fromX: number, toX: number, y: number): void {
    const [start, end] = [
      { x: fromX, y },
      { x: toX, y },
    ];
    this.#draw(drawLine({ ...RULE, dashArray: [], start, end }));
  }

  /** Puts what was drawn since the last time behind what the page has. */
  close(): void {
    const { context } = this.#pdf;
    const bytes = deflateSync(this.#drawn.join('\n'));
    const stream = context.stream(bytes, { Filter: 'FlateDecode' });
    this.#page.node.addContentStream(context.register(stream));
    this.#drawn = [];
  }

  #draw(operators: readonly { toString(): string }[]): void {
    this.#drawn.push(operators.join('\n'));
  }
}
