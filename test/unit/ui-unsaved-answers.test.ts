/** Unsaved answers on this device: each account has its own, and who leaves leaves nothing. */
import { expect, test } from 'vitest';
import { UnsavedAnswers } from '../../admin-ui/src/session/unsaved-answers.ts';

/** A browser's storage in memory. */
function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (at) => [...items.keys()][at] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

function device() {
  const storage = memoryStorage();
  const person = { id: 'maria' as string | undefined };
  const unsaved = new UnsavedAnswers({ storage, account: () => person.id });
  return { storage, person, unsaved };
}

test('shows an account nothing of another', () => {
  const { person, unsaved } = device();
  unsaved.page('form', 1).keep('of Maria');
  person.id = 'paolo';
  expect(unsaved.page('form', 1).read()).toBeNull();
  person.id = 'maria';
  expect(unsaved.page('form', 1).read()).toBe('of Maria');
});

test('goes on keeping under the account that opened the page', () => {
  const { person, unsaved } = device();
  const page = unsaved.page('form', 1);
  person.id = undefined;
  page.keep('typed after the session ended');
  person.id = 'maria';
  expect(unsaved.page('form', 1).read()).toBe('typed after the session ended');
});

test('forgets all of who leaves and nothing else', async () => {
  const { storage, person, unsaved } = device();
  storage.setItem('clickday.language', 'it');
  person.id = 'paolo';
  unsaved.page('other', 1).keep('of Paolo');
  person.id = 'maria';
  const open = unsaved.page('form', 1);
  open.keep('a');
  unsaved.page('form', 2).keep('b');
  expect(await unsaved.countLeft()).toBe(2);
  unsaved.forget();
  open.keep('typed by a form that is still open');
  expect(open.isForgotten()).toBe(true);
  expect(await unsaved.countLeft()).toBe(0);
  expect(storage.getItem('clickday.language')).toBe('it');
  person.id = 'paolo';
  expect(await unsaved.countLeft()).toBe(1);
});

test('lets open forms save before it counts what is left', async () => {
  const { unsaved } = device();
  const page = unsaved.page('form', 1);
  page.keep('almost saved');
  const end = unsaved.follow(async () => page.drop());
  expect(await unsaved.countLeft()).toBe(0);
  end();
  page.keep('not followed any more');
  expect(await unsaved.countLeft()).toBe(1);
});
