/**
 * Keys of the desk: single letters, so they can be switched off, and mean nothing while somebody
 * types, holds another key, or is asked something (WCAG 2.1.4). A key does what the control marked
 * with `data-shortcut` does; a page that has no such control ignores it.
 */
export const shortcuts = {
  j: 'next',
  k: 'previous',
  t: 'take',
  r: 'answer',
  n: 'note',
  p: 'postpone',
  l: 'tag',
  '/': 'search',
  '?': 'help',
} as const;
export type ShortcutName = (typeof shortcuts)[keyof typeof shortcuts];

const OFF = 'off';
const TYPED_INTO = 'textarea, select, input:not([type=checkbox], [type=radio], [type=file])';

/** What the key means here and now; undefined: nothing of ours. */
export function shortcutOf(event: KeyboardEvent): ShortcutName | undefined {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return undefined;
  if (event.defaultPrevented || event.repeat || isTyping(event.target)) return undefined;
  if (document.querySelector('dialog[open]') !== null) return undefined;
  const known = Object.entries(shortcuts).find(([key]) => key === event.key);
  return known?.[1];
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches(TYPED_INTO);
}

/** Does what the marked control does. False: this page has none. */
export function follow(name: ShortcutName): boolean {
  const rows = document.querySelectorAll<HTMLElement>('[data-shortcut-row]');
  if ((name === 'next' || name === 'previous') && rows.length > 0) {
    const at = [...rows].indexOf(document.activeElement as HTMLElement);
    const step = name === 'next' ? at + 1 : at < 0 ? rows.length - 1 : Math.max(0, at - 1);
    rows[Math.min(step, rows.length - 1)]?.focus();
    return true;
  }
  const control = document.querySelector<HTMLElement>(`[data-shortcut="${name}"]`);
  if (control === null) return false;
  if (control.matches('input, textarea')) control.focus();
  else control.click();
  return true;
}

/** Whether keys are on, of this browser. */
export const isSwitchedOn = (storage: Storage): boolean => storage.getItem(STORED) !== OFF;

export function switchTo(storage: Storage, isOn: boolean): void {
  if (isOn) storage.removeItem(STORED);
  else storage.setItem(STORED, OFF);
}

const STORED = 'clickday.desk.shortcuts';
