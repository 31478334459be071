/** The lists of options against Bazel itself, which describes its options in a protobuf. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isSwitch, withLongName } from '../../../src/formats/option-names.js';
import {
  FOR_COMMANDS,
  FOR_STARTUP,
  OF_OTHER_COMMANDS,
  type HarmlessOptions,
} from '../../../src/plan/everything/harmless-options.js';
import { labelsInOptions } from '../../../src/formats/rc.js';
import type { Label } from '../../../src/graph/label.js';
import { MainRepository } from '../../../src/graph/main-repository.js';
import { isOptionWithLabels } from '../../../src/plan/everything/transitions.js';
import { findBazel } from '../../support/find-bazel.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

interface Flag {
  readonly name: string;
  readonly hasNegative: boolean;
  readonly commands: readonly string[];
  readonly abbreviation: string | undefined;
  readonly requiresValue: boolean;
}

const OF_LEGS = ['test', 'build', 'run'];

let temporary: TemporaryFolder;
let flags: ReadonlyMap<string, Flag>;

beforeAll(() => {
  temporary = new TemporaryFolder();
  writeFileSync(temporary.join('MODULE.bazel'), '');
  const text = bazel('help', 'flags-as-proto').stdout.trim();
  flags = new Map(flagsIn(Buffer.from(text, 'base64')).map((flag) => [flag.name, flag]));
});

afterAll(() => {
  bazel('shutdown');
  temporary.remove();
});

function bazel(...args: readonly string[]): { readonly stdout: string; readonly status: number | null } {
  return spawnSync(findBazel(), [`--output_user_root=${temporary.join('root')}`, '--nohome_rc', ...args], {
    cwd: temporary.path,
    encoding: 'utf8',
    maxBuffer: 1 << 24,
  });
}

/** Reads `FlagCollection` of Bazel's bazel_flags.proto. */
function flagsIn(collection: Buffer): Flag[] {
  return fieldsOf(collection).map(([, flag]) => {
    const fields = fieldsOf(flag as Buffer);
    const texts = (wanted: number): string[] =>
      fields.filter(([number]) => number === wanted).map(([, value]) => String(value));
    const isSet = (wanted: number): boolean => texts(wanted).at(-1) === '1';
    return {
      name: texts(1)[0] ?? '',
      hasNegative: isSet(2),
      commands: texts(4),
      abbreviation: texts(5)[0],
      requiresValue: isSet(10),
    };
  });
}

function fieldsOf(message: Buffer): [number: number, value: number | Buffer][] {
  const fields: [number, number | Buffer][] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const key = varint();
    const value = varint();
    if ((key & 7) === 0) fields.push([key >> 3, value]);
    else fields.push([key >> 3, message.subarray(at, (at += value))]);
  }
  return fields;
}

function flag(name: string): Flag {
  const found = flags.get(name);
  if (found === undefined) throw new Error(`This Bazel has no option --${name}.`);
  return found;
}

describe.each([
  ['commands of the legs', FOR_COMMANDS, OF_LEGS],
  ['startup', FOR_STARTUP, ['startup']],
])('the harmless options for %s', (_, groups: readonly HarmlessOptions[], commands: readonly string[]) => {
  const names = (kind: 'switches' | 'bare' | 'values'): string[] =>
    groups.flatMap((group) => {
      const listed = group[kind] ?? [];
      return Array.isArray(listed) ? (listed as string[]) : Object.keys(listed);
    });

  test('exist, and take a value or none as the list says', () => {
    for (const name of names('switches')) {
      expect(flag(name)).toMatchObject({ hasNegative: true, requiresValue: false });
    }
    for (const name of names('bare'))
      expect(flag(name)).toMatchObject({ hasNegative: false, requiresValue: false });
    for (const name of names('values').filter((each) => !names('switches').includes(each)))
      expect(flag(name)).toMatchObject({ hasNegative: false, requiresValue: true });
  });

  test('belong to all these commands, if the list does not restrict them, and each has a reason', () => {
    for (const { why, only, switches = [], bare = [], values = {} } of groups) {
      const restricted = only === undefined ? commands : commands.filter((command) => only.includes(command));
      for (const name of [...switches, ...bare, ...Object.keys(values)])
        expect(flag(name).commands).toEqual(expect.arrayContaining([...restricted]));
      expect(why).toMatch(/^It .*\.$/s);
    }
  });
});

test('the options of other commands exist, and no command of a leg has them', () => {
  for (const name of OF_OTHER_COMMANDS)
    expect(flag(name).commands.filter((command) => OF_LEGS.includes(command))).toEqual([]);
});

test('an option whose value Bazel calls a label leads to a target, or decides how toolchains are resolved', () => {
  const help = bazel('help', 'build', '--long').stdout;
  const names = [...help.matchAll(/^ {2}--(\w+) \(.*\blabel\b/gm)].map(([, name = '']) => name);
  expect(names).toEqual(expect.arrayContaining(['java_launcher', 'platforms', 'custom_malloc']));
  // These have patterns of labels or texts in which no target is looked for.
  const others = ['embed_label', 'experimental_add_exec_constraints_to_targets'];
  others.push('experimental_override_name_platform_in_output_dir');
  for (const name of names.filter((each) => !others.includes(each))) {
    const option = `//command_line_option:${name}` as Label;
    expect([name, isOptionWithLabels(option) || /platforms?$/.test(name)]).toEqual([name, true]);
    for (const [written, label] of Object.entries({ 'tools:lib': '//tools:lib', tools: '//tools:tools' }))
      expect([name, labelsInOptions(`build --${name}=${written}`, MainRepository.named())]).toEqual([
        name,
        [label],
      ]);
  }
});

test('switches are what Bazel regards as such, and short names are the same', () => {
  for (const { name, requiresValue, hasNegative, abbreviation, commands } of flags.values()) {
    expect([name, isSwitch(name)]).toEqual([name, !requiresValue]);
    if (hasNegative) expect([name, isSwitch(`no${name}`)]).toEqual([name, true]);
    if (abbreviation !== undefined && commands.some((command) => OF_LEGS.includes(command)))
      expect(withLongName(`-${abbreviation}`)).toBe(`--${name}`);
  }
});

test('Bazel accepts the harmless options in all their forms, and skips those of other commands', () => {
  const lines = [
    ...['-k', '-k-', '--keep_going=no', '-j 8', '--jobs auto', '--jobs=HOST_CPUS*.5', '-s'],
    ...['--subcommands=pretty_print', '--color=auto', '--ui_event_filters=-info,+error,stdout'],
    ...['--test_output=errors', '--test_summary=testcase', '--remote_download_minimal', '--bes_timeout=5m'],
    ...['--grpc_keepalive_time=30s', '--show_progress_rate_limit=0.5', '--bes_upload_mode=fully_async'],
    ...['--remote_timeout=60', '--build_metadata=A=b', '--progress_report_interval=3600', '--logging=6'],
  ].map((option) => `build ${option}\n`);
  const skipped = [...OF_OTHER_COMMANDS].filter((name) => isSwitch(name)).map((name) => `common --${name}\n`);
  const rc = temporary.join('rc');
  writeFileSync(rc, [...lines, ...skipped, 'common --universe_scope=//... --output=label\n'].join(''));
  for (const command of ['build', 'run', 'test']) {
    const ended = bazel(`--bazelrc=${rc}`, 'canonicalize-flags', `--for_command=${command}`);
    expect(ended.status).toBe(0);
  }
  expect(bazel(`--bazelrc=${rc}`, 'build').status).toBe(0);
});
