/**
 * After a change of page the focus goes to its heading, so that a screen reader starts reading
 * there and Tab goes on from there. Not on the first page of a visit, where the skip link is first.
 */
export function focusAfterNavigation(heading: HTMLElement): void {
  const index: unknown = (history.state as { _routerIndex?: unknown } | null)?._routerIndex;
  if (typeof index === 'number' && index > 0) heading.focus({ preventScroll: true });
}
