import type { Event } from '../adapters/github/event.js';
import type { PlanInputs } from './plan-inputs.js';
import type { Planned } from './make-plan.js';

/** The plan for a deleted branch or tag. It is empty, whatever the inputs say. */
export function planOfDeletion(
  event: Extract<Event, { name: 'deletion' }>,
  inputs: Pick<PlanInputs, 'mode'>,
): Pick<Planned, 'plan' | 'context'> {
  const reason = `${refName(event.ref)} was deleted`;
  return {
    plan: {
      base: null,
      baseFrom: 'event',
      head: { commit: event.commit, workingTree: false },
      everything: null,
      nothingToDo: { reason },
      changes: [],
      affected: [],
      always: [],
      test: [],
      build: [],
      release: [],
      excluded: [],
      problems: [],
      legs: [],
      timings: { steps: {}, graphs: {} },
    },
    context: {
      mode: inputs.mode === 'auto' ? 'build' : inputs.mode,
      whyBase: reason,
      targetCount: 0,
      ignored: [],
      testedBy: [],
      notices: [],
      waits: new Map(),
    },
  };
}

function refName(ref: string): string {
  const [, kind, name = ''] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref) ?? [];
  if (kind === undefined) return ref;
  return `the ${kind === 'heads' ? 'branch' : 'tag'} ${name}`;
}
