/** A mail's plain text cut into links and the rest; never interpreted as HTML. */
export interface MailPiece {
  readonly text: string;
  readonly isLink: boolean;
}

export function mailPieces(text: string): MailPiece[] {
  return text
    .split(/(https?:\/\/[^\s<>"]+)/)
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, isLink: /^https?:\/\//.test(piece) }));
}
