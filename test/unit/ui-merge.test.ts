/** Two windows on one page: what each changed is put together, only what both changed is asked. */
import { expect, test } from 'vitest';
import { mergeAnswers } from '../../admin-ui/src/features/forms/merge.ts';

const base = { name: 'ANNA', street: 'Via Uno', town: 'H501', stair: 'A' };
const sent = { name: 'anna', street: 'Via Uno', town: 'H501', stair: 'A' };

test('takes what the other changed, keeps what is written here', () => {
  const mine = { ...sent, street: 'Via Due' };
  const theirs = { ...base, town: 'F205' };
  const { values, clashes } = mergeAnswers({ sent, base, mine, theirs });
  expect(values).toEqual({ name: 'anna', street: 'Via Due', town: 'F205', stair: 'A' });
  expect(clashes).toEqual([]);
});

test('asks only where both changed, and differently', () => {
  const mine = { ...sent, street: 'Via Due', town: 'F205' };
  const theirs = { ...base, street: 'Via Tre', town: 'F205' };
  const { values, clashes } = mergeAnswers({ sent, base, mine, theirs });
  expect(clashes).toEqual([{ field: 'street', mine: 'Via Due', theirs: 'Via Tre' }]);
  expect(values.street).toBe('Via Due');
});

test('counts an answer that was taken away as a change, on either side', () => {
  const { stair: _mine, ...without } = sent;
  const { street: _theirs, ...less } = base;
  const { values, clashes } = mergeAnswers({ sent, base, mine: without, theirs: less });
  expect(values).toEqual({ name: 'anna', town: 'H501' });
  expect(clashes).toEqual([]);
  const both = mergeAnswers({ sent, base, mine: { ...sent, street: 'Via Due' }, theirs: less });
  expect(both.clashes).toEqual([{ field: 'street', mine: 'Via Due', theirs: undefined }]);
});

test('does not ask about what the portal only wrote otherwise: an answer that was lost', () => {
  const mine = { ...sent, street: 'via  due' };
  const tidy = { ...base, street: 'via due' };
  const { clashes } = mergeAnswers({ sent, base, mine, theirs: tidy, tidy });
  expect(clashes).toEqual([]);
});
