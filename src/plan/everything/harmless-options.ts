import type { Option } from '../../formats/rc-lines.js';

/**
 * Options whose change affects no target: with any of the listed values, the bytes of every output and the result of
 * every test are the same. Every other option, and every other value, counts as a change of everything.
 *
 * The values are restricted to those that Bazel accepts, because Bazel refuses every command if an rc file contains a
 * value that it does not accept. For the same reason the list has only options that Bazel has had for long.
 */
export interface HarmlessOptions {
  readonly why: string;
  /** The lines in which Bazel accepts it, by their commands; all if this is missing. */
  readonly only?: readonly string[];
  /** Options that are on or off: `--name`, `--noname`, `--name=true`. */
  readonly switches?: readonly string[];
  /** Options that stand for others, and have neither a value nor a negation. */
  readonly bare?: readonly string[];
  /** Options with a value, and the values that are harmless. */
  readonly values?: Readonly<Record<string, RegExp>>;
}

const ANY_NUMBER = /^\d{1,9}$/;
const TEXT = /^.*$/s;
const PATH = /^.+$/s;
const DURATION = /^\d{1,9}(d|h|m|s|ms|us|ns)?$/;
const ADDRESS = /^((grpcs?|https?):\/\/)?[\w.-]+(:\d+)?(\/[\w./~%-]*)?$|^unix:\/[\w./-]+$|^$/;
const WORKERS = /^(auto|HOST_CPUS|HOST_RAM)([*-](\d+|\d*\.\d+))?$|^[1-9]\d{0,2}$|^[1-4]\d{3}$/;
const CHOICE = /^(yes|no|auto)$/;

export const FOR_COMMANDS: readonly HarmlessOptions[] = [
  {
    why: 'It decides how many actions run at the same time, and not what they do.',
    values: { jobs: WORKERS, loading_phase_threads: WORKERS },
  },
  {
    why: 'It decides whether Bazel goes on after a failure, which is a failure in both cases. The legs set it themselves.',
    switches: ['keep_going'],
  },
  {
    why: 'It decides what Bazel prints.',
    switches: [
      'announce_rc',
      'attempt_to_print_relative_paths',
      'progress_in_terminal_title',
      'show_loading_progress',
      'show_progress',
      'show_timestamps',
      'verbose_failures',
      'verbose_explanations',
      'worker_verbose',
    ],
    values: {
      auto_output_filter: /^(none|all|packages|subpackages)$/,
      color: CHOICE,
      curses: CHOICE,
      logging: /^[0-6]$/,
      progress_report_interval: /^([0-9]{1,3}|[12]\d{3}|3[0-5]\d{2}|3600)$/,
      remote_print_execution_messages: /^(failure|success|all)$/,
      show_progress_rate_limit: /^\d{1,6}(\.\d+)?$/,
      show_result: ANY_NUMBER,
      test_summary: /^(short|terse|detailed|none|testcase)$/,
      ui_actions_shown: ANY_NUMBER,
      ui_event_filters:
        /^([+-]?(fatal|error|warning|info|progress|debug|start|finish|pass|fail|timeout|cancelled|stdout|stderr)(,|$))+(?<!,)$/i,
    },
  },
  {
    why: 'It decides what Bazel prints about tests. Only `bazel test` has it.',
    only: ['common', 'test'],
    switches: ['print_relative_test_log_paths', 'test_verbose_timeout_warnings'],
  },
  {
    why: 'It prints the command line of each action.',
    switches: ['subcommands'],
    values: { subcommands: /^pretty_print$/ },
  },
  {
    why: 'It decides which logs of tests are printed. The value "streamed" is not harmless, because with it tests run one by one and without shards.',
    values: { test_output: /^(summary|errors|all)$/ },
  },
  {
    why: 'It writes a log, a profile or build events beside the outputs.',
    switches: [
      'build_event_publish_all_actions',
      'execution_log_sort',
      'generate_json_trace_profile',
      'heap_dump_on_oom',
      'record_full_profiler_data',
      'slim_profile',
    ],
    values: {
      build_event_binary_file: PATH,
      build_event_json_file: PATH,
      build_event_text_file: PATH,
      build_metadata: /^[\w.-]+=.*$/s,
      execution_log_binary_file: PATH,
      execution_log_json_file: PATH,
      explain: PATH,
      memory_profile: PATH,
      profile: PATH,
    },
  },
  {
    why: 'It sends build events to a server, which only shows them.',
    switches: ['bes_lifecycle_events'],
    values: {
      bes_backend: ADDRESS,
      bes_header: /^[\w-]+=.*$/s,
      bes_instance_name: TEXT,
      bes_keywords: TEXT,
      bes_results_url: TEXT,
      bes_timeout: DURATION,
      bes_upload_mode: /^(wait_for_upload_complete|nowait_for_upload_complete|fully_async)$/,
      remote_bytestream_uri_prefix: TEXT,
    },
  },
  {
    why: 'It says where a cache lies. What a cache holds is found by the digest of the inputs or of the file itself.',
    values: {
      disk_cache: TEXT,
      remote_cache: ADDRESS,
      remote_cache_header: /^[\w-]+=.*$/s,
      repository_cache: TEXT,
    },
  },
  {
    why: 'It decides which outputs are loaded from a cache to this machine, and not what is in them. An action or a test that needs an output gets it.',
    bare: ['remote_download_minimal', 'remote_download_toplevel'],
    values: { remote_download_outputs: /^(all|minimal|toplevel)$/ },
  },
  {
    why: 'It decides how long Bazel waits for a server, and how often it tries again.',
    values: {
      grpc_keepalive_time: DURATION,
      grpc_keepalive_timeout: DURATION,
      remote_max_connections: ANY_NUMBER,
      remote_retries: ANY_NUMBER,
      remote_timeout: DURATION,
    },
  },
  {
    why: 'It says how Bazel proves to a cache who it is.',
    switches: ['google_default_credentials'],
    values: { google_credentials: PATH },
  },
  {
    why: 'It decides what the server of Bazel keeps in memory between two commands.',
    switches: ['discard_analysis_cache', 'keep_state_after_build', 'track_incremental_state'],
  },
  {
    why: 'It ends the workers of a build after it.',
    switches: ['worker_quit_after_build'],
  },
];

export const FOR_STARTUP: readonly HarmlessOptions[] = [
  {
    why: 'It decides how much memory the server of Bazel has. Actions and tests run in processes of their own.',
    values: { host_jvm_args: /^-X(mx|ms|ss)[1-9]\d{0,9}[kKmMgG]?$|^-XX:[+-]HeapDumpOnOutOfMemoryError$/ },
  },
  {
    why: 'It decides when the server of Bazel ends that nobody uses, and how long a command waits for its start.',
    switches: ['shutdown_on_low_sys_mem'],
    values: {
      connect_timeout_secs: ANY_NUMBER,
      local_startup_timeout_secs: ANY_NUMBER,
      max_idle_secs: ANY_NUMBER,
    },
  },
  {
    why: 'It decides what Bazel logs, or what its server does while nobody uses it.',
    switches: ['client_debug', 'idle_server_tasks', 'write_command_log'],
  },
];

/**
 * Options that only other commands have: in a line for `common`, Bazel skips them for the commands of the legs. In a
 * line for `build`, Bazel refuses them.
 */
export const OF_OTHER_COMMANDS: ReadonlySet<string> = new Set([
  'aspect_deps',
  'consistent_labels',
  'experimental_explicit_aspects',
  'experimental_graphless_query',
  'expunge',
  'graph:conditional_edges_limit',
  'graph:factored',
  'graph:node_limit',
  'implicit_deps',
  'include_artifacts',
  'include_aspects',
  'include_commandline',
  'include_file_write_contents',
  'include_param_files',
  'incompatible_lexicographical_output',
  'incompatible_package_group_includes_double_slash',
  'infer_universe_scope',
  'line_terminator_null',
  'nodep_deps',
  'noorder_results',
  'null',
  'order_output',
  'order_results',
  'output',
  'output_file',
  'proto:default_values',
  'proto:definition_stack',
  'proto:flatten_selects',
  'proto:include_attribute_source_aspects',
  'proto:include_configurations',
  'proto:include_synthetic_attribute_hash',
  'proto:instantiation_stack',
  'proto:locations',
  'proto:output_rule_attrs',
  'proto:rule_inputs_and_outputs',
  'query_file',
  'relative_locations',
  'show_config_fragments',
  'show_make_env',
  'skyframe_state',
  'starlark:expr',
  'starlark:file',
  'strict_test_suite',
  'tool_deps',
  'transitions',
  'universe_scope',
  'xml:default_values',
  'xml:line_numbers',
]);

/** Whether an option of a command cannot change what a target is, or what a test does. */
export function isHarmless({ text, command, isCertain }: Option): boolean {
  const [, name = '', value] = /^--([^=]+)(?:=(.*))?$/s.exec(text) ?? [];
  if (!isCertain || name === '') return false;
  if (command === 'startup') return FOR_STARTUP.some((group) => hasOption(group, name, value));
  return (
    FOR_COMMANDS.some((group) => (group.only?.includes(command) ?? true) && hasOption(group, name, value)) ||
    (command === 'common' && [name, name.replace(/^no/, '')].some((each) => OF_OTHER_COMMANDS.has(each)))
  );
}

function hasOption(
  { switches = [], bare = [], values = {} }: HarmlessOptions,
  name: string,
  value: string | undefined,
): boolean {
  if (value !== undefined && Object.hasOwn(values, name)) return values[name]?.test(value) ?? false;
  if (value !== undefined) return switches.includes(name) && /^(1|0|true|false|yes|no)$/.test(value);
  return switches.includes(name) || switches.includes(name.replace(/^no/, '')) || bare.includes(name);
}
