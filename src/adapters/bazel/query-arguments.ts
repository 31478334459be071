import type { Framing } from '../../formats/message-stream.js';
import { PRINTED_ATTRIBUTES } from '../../formats/query-proto.js';

/**
 * The files of one query. Bazel writes the answer and the events itself, so a wrapper can neither truncate the answer
 * nor change the exit code.
 */
export interface QueryFiles {
  /** Contains the expression. */
  readonly query: string;
  /** Null if this Bazel can only print its answer. */
  readonly answer: string | null;
  /** Contains Bazel's own exit code at the end; null if this Bazel has no option for it. */
  readonly events: string | null;
}

/** Targets as messages, or the definitions of rules as Starlark code. */
export type QueryOutput = Framing | 'build';

/** What decides how a query is asked. */
export interface QueryForm {
  /** The user's options for queries. */
  readonly queryOptions: readonly string[];
  readonly keepGoing: '--keep_going' | '--nokeep_going';
  readonly output: QueryOutput;
  /** Options for external repositories. */
  readonly externals: readonly string[];
  /** The names of the options that `query` has in this Bazel. */
  readonly known: ReadonlySet<string>;
  readonly files: QueryFiles;
}

/** The command and the options of a query whose answer contains everything that a plan compares. */
export function queryArguments(form: QueryForm): string[] {
  const { query, answer, events } = form.files;
  return [
    'query',
    ...form.queryOptions,
    ...WHOLE_GRAPH,
    form.keepGoing,
    `--output=${form.output}`,
    ...form.externals,
    '--order_output=no',
    '--noproto:locations',
    '--proto:include_synthetic_attribute_hash',
    `--proto:output_rule_attrs=${PRINTED_ATTRIBUTES.join(',')}`,
    '--color=no',
    '--noshow_progress',
    // The caller needs Bazel's warnings and errors, for example about packages that do not exist.
    ...(form.known.has('ui_event_filters') ? ['--ui_event_filters=+error,+warning'] : []),
    `--query_file=${query}`,
    ...(answer === null ? [] : [`--output_file=${answer}`]),
    ...(events === null ? [] : [`--build_event_json_file=${events}`]),
  ];
}

/**
 * Overrides for options that leave edges or targets out of a query's answer. Many rc files set such options to make the
 * output easier to read. In a plan, CI would not run the targets that they leave out.
 */
const WHOLE_GRAPH = [
  '--implicit_deps',
  '--tool_deps',
  '--nodep_deps',
  '--aspect_deps=conservative',
  '--universe_scope=',
  '--noinfer_universe_scope',
  '--proto:rule_inputs_and_outputs',
  '--proto:default_values',
  // Otherwise the branches of a `select` are joined, and it is unknown what holds in every configuration.
  '--noproto:flatten_selects',
];
