import type { Plan } from '../file/plan.js';
import { plural } from '../../text/plural.js';

/** One line that says what runs. */
export function planHeadline(plan: Plan): string {
  if (plan.nothingToDo !== null) return `nothing to do: ${plan.nothingToDo.reason}`;
  const parts = [
    [plan.test.length, 'test'],
    [plan.build.length, 'build'],
    [plan.release.length, 'release'],
  ] as const;
  const running = parts.filter(([count]) => count > 0).map(([count, what]) => plural(count, what));
  if (running.length === 0) {
    return plan.affected.length === 0 ? 'nothing is affected' : 'nothing to run';
  }
  return `${running.join(', ')} in ${plural(plan.legs.length, 'job')}`;
}
