import type { Event } from '../adapters/github/event.js';

/** An event for which there is something to plan. */
export type PlannableEvent = Exclude<Event, { name: 'deletion' }>;
