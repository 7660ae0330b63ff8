/** The call: what it offers exists, and its questions lead to what it offers. */
import type { ModelChoice } from '#protocol/portal-api.ts';
import type { Fault } from '../source.ts';
import { type Ground, repeated } from './ground.ts';

export function checkCall(ground: Ground): readonly Fault[] {
  const { own, models } = ground;
  const { call } = own;
  if (call === undefined) {
    const isTold = own.faults.some(({ file }) => file === 'call.json');
    const message = 'is missing: it says which models are offered';
    return isTold ? [] : [{ file: 'call.json', path: '', message }];
  }
  const { file, content } = call;
  const unknown = content.offers.flatMap((code, index) => {
    if (models.get(code) !== undefined) return [];
    return [{ file, path: `/offers/${index}`, message: `there is no model ${code}` }];
  });
  const twice = repeated(content.offers).map((code) => ({
    file,
    path: '/offers',
    message: `${code} is offered twice`,
  }));
  const choice = own.choice;
  const astray =
    choice === undefined ? [] : checkChoice(choice.file, choice.content, content.offers);
  return [...unknown, ...twice, ...astray];
}

/** Every answer leads to one place, and every offered model can be reached. */
function checkChoice(file: string, choice: ModelChoice, offers: readonly string[]): Fault[] {
  const reached = new Set<string>();
  const faults = walk({ file, offers, reached }, choice, '');
  const missed = offers.filter((code) => !reached.has(code));
  if (missed.length === 0) return faults;
  return [...faults, { file, path: '', message: `no answer leads to ${missed.join(', ')}` }];
}

interface Walk {
  readonly file: string;
  readonly offers: readonly string[];
  readonly reached: Set<string>;
}

function walk(on: Walk, choice: ModelChoice, path: string): Fault[] {
  return choice.answers.flatMap(({ model, next }, index) => {
    const here = `${path}/answers/${index}`;
    const fault = (message: string): Fault => ({ file: on.file, path: here, message });
    if ((model === undefined) === (next === undefined)) {
      return [fault('an answer has either a model or a next question')];
    }
    if (next !== undefined) return walk(on, next, `${here}/next`);
    on.reached.add(model ?? '');
    return on.offers.includes(model ?? '') ? [] : [fault(`the call does not offer ${model}`)];
  });
}
