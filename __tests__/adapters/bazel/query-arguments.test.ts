import { expect, test } from '@jest/globals';
import { queryArguments, type QueryForm } from '../../../src/adapters/bazel/query-arguments.js';

const FORM: QueryForm = {
  queryOptions: ['--config=ci'],
  keepGoing: '--nokeep_going',
  output: 'streamed_proto',
  externals: [],
  known: new Set(['ui_event_filters']),
  files: { query: '/private/query', answer: '/private/answer', events: '/private/events' },
};

test("the user's options come before those that a whole answer needs", () => {
  const args = queryArguments({ ...FORM, queryOptions: ['--noimplicit_deps'] });
  expect(args.indexOf('--noimplicit_deps')).toBeLessThan(args.indexOf('--implicit_deps'));
});

test('the answer and the events are written to files', () => {
  expect(queryArguments(FORM)).toEqual(
    expect.arrayContaining([
      '--query_file=/private/query',
      '--output_file=/private/answer',
      '--build_event_json_file=/private/events',
    ]),
  );
});

test('a Bazel without options for these files prints the answer', () => {
  const files = { query: '/private/query', answer: null, events: null };
  const args = queryArguments({ ...FORM, files });
  expect(args.filter((arg) => arg.includes('_file='))).toEqual(['--query_file=/private/query']);
});

test('a Bazel without filters of messages is not given any', () => {
  expect(queryArguments({ ...FORM, known: new Set() })).not.toContain('--ui_event_filters=+error,+warning');
});
