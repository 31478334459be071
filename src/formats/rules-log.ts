import protobuf from 'protobufjs';
import { MessageStream } from './message-stream.js';
import { QueryOutputError } from './query-proto.js';

/**
 * What repository rules and module extensions did, with the field numbers of
 * https://github.com/bazelbuild/bazel/blob/master/src/main/java/com/google/devtools/build/lib/bazel/debug/workspace_log.proto
 */
const WORKSPACE_LOG_PROTO = `
  syntax = "proto3";
  package workspace_log;
  message ExecuteEvent { repeated string arguments = 2; map<string, string> environment = 4; }
  message DownloadEvent { repeated string url = 1; }
  message ExtractEvent { string archive = 1; }
  message FileEvent { string path = 1; string content = 2; }
  message PathEvent { string path = 1; }
  message PatchEvent { string patch_file = 1; }
  message RenameEvent { string src = 1; string dst = 2; }
  message SymlinkEvent { string target = 1; string path = 2; }
  message TemplateEvent { string path = 1; string template = 2; map<string, string> substitutions = 3; }
  message NoInput {}
  message WorkspaceEvent {
    string context = 2;
    oneof event {
      ExecuteEvent execute_event = 3;
      DownloadEvent download_event = 4;
      DownloadEvent download_and_extract_event = 5;
      FileEvent file_event = 6;
      NoInput os_event = 7;
      SymlinkEvent symlink_event = 8;
      TemplateEvent template_event = 9;
      NoInput which_event = 10;
      ExtractEvent extract_event = 11;
      PathEvent read_event = 12;
      PathEvent delete_event = 13;
      PatchEvent patch_event = 14;
      RenameEvent rename_event = 15;
      PathEvent digest_event = 18;
    }
  }
`;

interface EventMessage {
  readonly context: string;
  /** The name of the field that is set: which event it is. */
  readonly event?: string;
}

const eventType = protobuf.parse(WORKSPACE_LOG_PROTO).root.lookupType('workspace_log.WorkspaceEvent');

/** One step of a repository rule or a module extension. */
export interface LoggedStep {
  /** Who did it, in Bazel's words: `repository @@made`, `module extension e in @@//ext:e.bzl`. */
  readonly by: string;
  /** The paths, arguments and contents of files in it. */
  readonly texts: readonly string[];
  /** The environment of a program that it runs. */
  readonly environment: ReadonlyMap<string, string>;
}

/** Bazel's log of rules cannot be read, or has steps that this program does not know. */
export class RulesLogError extends Error {
  override name = 'RulesLogError';
}

/**
 * The steps in a file that `--experimental_workspace_rules_log_file` wrote, in their order.
 *
 * @throws RulesLogError
 */
export function parseRulesLog(bytes: Buffer): LoggedStep[] {
  const steps: LoggedStep[] = [];
  const stream = new MessageStream('streamed_proto', (message) => {
    steps.push(stepOf(message));
  });
  try {
    stream.push(bytes);
    stream.end();
  } catch (error) {
    if (!(error instanceof QueryOutputError)) throw error;
    throw new RulesLogError('the log of repository rules is damaged', { cause: error });
  }
  return steps;
}

/** @throws RulesLogError */
function stepOf(message: Uint8Array): LoggedStep {
  const decoded = decode(message);
  const { context, event } = decoded as unknown as EventMessage;
  if (event === undefined)
    throw new RulesLogError('the log of repository rules has a step of an unknown kind');
  const content = eventType.toObject(decoded)[event] as Readonly<Record<string, unknown>>;
  const { environment = {}, ...others } = content;
  return {
    by: context,
    texts: [...textsIn(others)],
    environment: new Map(Object.entries(environment as Record<string, string>)),
  };
}

/** @throws RulesLogError */
function decode(message: Uint8Array): protobuf.Message {
  try {
    return eventType.decode(message);
  } catch (error) {
    throw new RulesLogError('the log of repository rules is damaged', { cause: error });
  }
}

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) yield* textsIn(member);
}
