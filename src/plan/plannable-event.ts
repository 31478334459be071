import type { Event } from '../adapters/github/event.js';

/** What started a workflow that has something to plan for. */
export type PlannableEvent = Exclude<Event, { name: 'deletion' }>;
