import type { Event } from '../adapters/github/event.js';
import { InputError } from '../text/input-error.js';
import type { PlanMode } from './legs/selection.js';
import type { PlanInputs } from './plan-inputs.js';
import type { PlannableEvent } from './plannable-event.js';

/**
 * What is done with the targets that are not tests, as the table in docs/design.md says.
 *
 * @throws InputError if the input `mode` asks for a release that the event must not make
 */
export function modeOfEvent(event: PlannableEvent, inputs: PlanInputs): PlanMode {
  const mode = inputs.mode === 'auto' ? ownModeOf(event, inputs) : inputs.mode;
  const refusal = mode === 'release' ? whyNoRelease(event) : null;
  if (refusal !== null) throw new InputError('mode', inputs.mode, `auto, build, test for ${refusal}`);
  return mode;
}

/** Whether somebody chose the releases to make by hand, whether or not anything changed. */
export function isRedelivery(event: PlannableEvent, mode: PlanMode, inputs: PlanInputs): boolean {
  const isChosen = inputs.choosesTargets && inputs.base === null;
  return event.name === 'workflow_dispatch' && mode === 'release' && isChosen;
}

/** Whether a push goes to a release branch. */
export function isReleaseBranch(event: Extract<Event, { name: 'push' }>, inputs: PlanInputs): boolean {
  if (!event.ref.startsWith('refs/heads/')) return false;
  const branch = event.ref.slice('refs/heads/'.length);
  return (
    inputs.isReleaseBranch?.(branch) ??
    (event.defaultBranch === null ? ['main', 'master'].includes(branch) : branch === event.defaultBranch)
  );
}

function ownModeOf(event: PlannableEvent, inputs: PlanInputs): PlanMode {
  return event.name === 'push' && isReleaseBranch(event, inputs) ? 'release' : 'build';
}

/** Why the plan of an event releases nothing, whatever the inputs say: the event, and the reason. */
function whyNoRelease(event: PlannableEvent): string | null {
  switch (event.name) {
    case 'pull_request':
    case 'merge_group':
      return `the event ${event.name}: what is not merged is not released`;
    case 'other':
      return `the event ${event.event}: only what was pushed, or what somebody releases by hand, is released`;
    case 'push':
    case 'schedule':
    case 'workflow_dispatch':
      return null;
  }
}
