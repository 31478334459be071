import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Interruption } from '../../src/adapters/bazel/interruption.js';
import { parseLabel, type Label } from '../../src/graph/label.js';
import type { LegOutcomes } from '../../src/leg/build-leg.js';
import { releaseLeg } from '../../src/leg/release-leg.js';
import { ReleaseLedger } from '../../src/leg/release-ledger.js';
import { MemoryBytes } from '../support/memory-bytes.js';
import { TemporaryFolder } from '../support/temporary-folder.js';

const ONE = parseLabel('//r:one');
const TWO = parseLabel('//r:two');

let temporary: TemporaryFolder;
let printed: string;
let signals: EventEmitter;

beforeEach(() => {
  temporary = new TemporaryFolder();
  signals = new EventEmitter();
  printed = '';
});

afterEach(() => {
  temporary.remove();
});

/** What a call of the program in Bazel's place does. */
interface FakeCall {
  readonly exitCode?: number;
  /** It kills itself with this signal instead. */
  readonly killedBy?: NodeJS.Signals;
  /** What it prints to stderr, and then to stdout. */
  readonly says?: string;
  readonly released?: string;
  readonly events?: readonly object[];
  /** What it writes as its receipt. */
  readonly receipt?: string;
  /** If it only builds a release: what is in the file that this consists of. */
  readonly content?: string;
}

const RUNNING = 'INFO: Running command line: bazel-bin/r/one\n';

function completed(label: Label, success: boolean): object {
  const failureDetail = { message: 'the linker failed' };
  return {
    id: { targetCompleted: { label } },
    completed: success ? { success } : { success, failureDetail },
  };
}

/** Releases targets with a program in Bazel's place, which does what the calls say, one after the other. */
async function release(
  targets: readonly Label[],
  calls: readonly FakeCall[],
  afterOutput: () => void = () => undefined,
  ledger: ReleaseLedger | null = null,
): Promise<LegOutcomes> {
  const program = temporary.join('fake-bazel.cjs');
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const log = ${JSON.stringify(temporary.join('calls'))};
const at = existsSync(log) ? readFileSync(log, 'utf8').split('\\n').length - 1 : 0;
const words = process.argv.slice(2);
appendFileSync(log, JSON.stringify(words) + '\\n');
const { exitCode = 0, killedBy, says = '', released = '', events, receipt, content } = ${JSON.stringify(calls)}[at];
const valueOf = (option) => words.find((word) => word.startsWith(option + '='))?.split('=')[1];
const file = valueOf('--build_event_json_file');
if (content) {
  const program = ${JSON.stringify(temporary.join('bin/one'))};
  mkdirSync(program + '.runfiles/_main', { recursive: true });
  writeFileSync(program, 'the program');
  writeFileSync(program + '.runfiles/_main/data', content);
  writeFileSync(valueOf('--script_path'), '#!/bin/bash\\ncd ' + program + '.runfiles/_main && \\\\\\n  exec env \\\\\\n  ' + program);
}
if (events) writeFileSync(file, events.map((event) => JSON.stringify(event) + '\\n').join(''));
if (receipt) writeFileSync(process.env.BAZEL_AFFECTED_RECEIPT, receipt);
writeFileSync(${JSON.stringify(temporary.join('variables'))}, process.env.BAZEL_AFFECTED_CONTENT_DIGEST ?? 'none');
process.exitCode = exitCode;
process.stderr.write(says, () => process.stdout.write(released, () => killedBy && process.kill(process.pid, killedBy)));
`,
    { mode: 0o755 },
  );
  using interruption = new Interruption(signals);
  return await releaseLeg(
    {
      leg: { name: 'leg', mode: 'release', targets, runsOn: 'x' },
      workspace: temporary.path,
      bazel: { program, startupOptions: ['--nohome_rc'], flags: ['--config=ci'] },
      access: 'of the job',
      variables: {},
      status: { STABLE_RUN: 'https://example.com/runs/1' },
      ledger,
      folder: temporary.path,
      interruption,
      conceal: (text) => text.replaceAll('hunter2', '***'),
      graceMs: 1000,
    },
    (chunk) => {
      printed += chunk.toString();
      afterOutput();
    },
  );
}

/** The arguments of each call, in order. */
function callsMade(): string[][] {
  const log = temporary.join('calls');
  if (!existsSync(log)) return [];
  return readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
}

describe('what a release published', () => {
  const published = [{ name: 'registry/hunter2', digest: `sha256:${'a'.repeat(64)}`, kind: 'oci' }];
  const receiptOf = (outcome: string): string => JSON.stringify({ version: 1, outcome, subjects: published });

  test('stands in its receipt', async () => {
    const { outcomes } = await release([ONE, TWO], [{ receipt: receiptOf('released') }, {}]);
    expect(outcomes.get(ONE)).toMatchObject({ kind: 'released', published });
    expect(outcomes.get(TWO)).toMatchObject({ kind: 'released', published: [] });
  });

  test('stands there also if it failed afterwards', async () => {
    const failed = {
      exitCode: 1,
      says: RUNNING,
      events: [completed(ONE, true)],
      receipt: receiptOf('failed'),
    };
    const { outcomes } = await release([ONE], [failed]);
    expect(outcomes.get(ONE)).toMatchObject({ kind: 'failed to release', published });
  });

  test('is not all if its receipt says so, whatever the exit code says', async () => {
    const { end, outcomes } = await release([ONE], [{ receipt: receiptOf('running') }]);
    expect(end).toEqual({ kind: 'program ended', exitCode: 1 });
    expect(outcomes.get(ONE)).toMatchObject({
      kind: 'failed to release',
      message:
        'It ended with exit code 0, but its receipt has the outcome running: it may be released in part.',
      published,
    });
  });

  test('is unknown, and the log says so, if the receipt is none', async () => {
    const { outcomes } = await release([ONE], [{ receipt: '{"version": 2}' }]);
    expect(outcomes.get(ONE)).toMatchObject({ kind: 'released', published: [] });
    expect(printed).toContain(
      'The receipt of the release cannot be read, so it is unknown what it published: it has version 2',
    );
  });
});

describe('releases are run', () => {
  test('one after the other, each with a call and a file of build events of its own', async () => {
    const { end, outcomes, bazelOutput } = await release([ONE, TWO], [{ released: 'done\n' }, {}]);
    const words = (label: Label, at: number): string[] => [
      '--nohome_rc',
      'run',
      '--skip_incompatible_explicit_targets',
      '--stamp',
      '--noremote_upload_local_results',
      `--workspace_status_command=${temporary.join('status.sh')}`,
      '--config=ci',
      `--build_event_json_file=${temporary.join(`build-events-${at}.jsonl`)}`,
      '--',
      label,
    ];
    expect(callsMade()).toEqual([words(ONE, 0), words(TWO, 1)]);
    expect(end).toEqual({ kind: 'exited', exitCode: 0 });
    expect([...outcomes].map(([label, { kind }]) => [label, kind])).toEqual([
      [ONE, 'released'],
      [TWO, 'released'],
    ]);
    expect([printed, bazelOutput]).toEqual(['done\n', '']);
  });

  test('also after one that failed, which decides how the leg ended', async () => {
    const failed = { exitCode: 7, says: RUNNING, events: [completed(ONE, true)] };
    const { end, outcomes } = await release([ONE, TWO], [failed, {}]);
    expect(end).toEqual({ kind: 'program ended', exitCode: 7 });
    expect(outcomes.get(TWO)?.kind).toBe('released');
  });

  test('not after a signal: those that come later were not started', async () => {
    const { end, outcomes } = await release([ONE, TWO], [{ released: 'x', killedBy: 'SIGTERM' }], () => {
      signals.emit('SIGTERM', 'SIGTERM');
    });
    expect(callsMade()).toHaveLength(1);
    expect(end).toEqual({ kind: 'killed', signal: 'SIGTERM' });
    expect(outcomes.get(ONE)).toMatchObject({
      kind: 'failed to release',
      message: 'Stopped by SIGTERM in the middle: it may be released in part.',
    });
    expect(outcomes.get(TWO)).toEqual({
      kind: 'no status',
      message: 'Not started: the leg was stopped by SIGTERM before.',
    });
  });
});

describe('a release that failed', () => {
  test('when its program ran has the exit code of the program, and the end of what it printed without secrets', async () => {
    const { outcomes, bazelOutput } = await release(
      [ONE],
      [
        {
          exitCode: 7,
          says: `INFO: Analyzed\n${RUNNING}`,
          released: 'the password is hunter2\n',
          events: [completed(ONE, true)],
        },
      ],
    );
    expect(outcomes.get(ONE)).toMatchObject({
      kind: 'failed to release',
      message: 'It was built, and ended with exit code 7 when it ran.',
      logs: [{ name: 'output', uri: '', tail: 'the password is ***' }],
    });
    expect(bazelOutput).toBe(`INFO: Analyzed\n${RUNNING}`);
  });

  test('because it could not be built says why, and not that it may be released in part', async () => {
    const { end, outcomes } = await release([ONE], [{ exitCode: 1, events: [completed(ONE, false)] }]);
    expect(end).toEqual({ kind: 'exited', exitCode: 1 });
    expect(outcomes.get(ONE)).toMatchObject({
      kind: 'failed to build',
      message: expect.stringContaining('the linker failed'),
    });
  });

  test('because Bazel ended before it says how Bazel ended', async () => {
    const { outcomes } = await release([ONE], [{ exitCode: 37 }]);
    expect(outcomes.get(ONE)).toMatchObject({
      kind: 'failed to release',
      message: expect.stringMatching(/^Bazel ended with .*37/),
    });
  });

  test('because something killed it may be released in part', async () => {
    const { end, outcomes } = await release([ONE], [{ killedBy: 'SIGKILL', events: [completed(ONE, true)] }]);
    expect(end).toEqual({ kind: 'killed', signal: 'SIGKILL' });
    expect(outcomes.get(ONE)).toMatchObject({
      kind: 'failed to release',
      message: 'Killed by SIGKILL: it may be released in part.',
    });
  });
});

describe('a Bazel that does not know how to skip incompatible targets', () => {
  const SKIP = '--skip_incompatible_explicit_targets';
  const refuses = { exitCode: 2, says: `ERROR: ${SKIP} :: Unrecognized option: ${SKIP}\n` };

  test('is called again without the option, and not asked again for the next release', async () => {
    const { outcomes } = await release([ONE, TWO], [refuses, {}, {}]);
    expect(callsMade().map((words) => words.includes(SKIP))).toEqual([true, false, false]);
    expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(['released', 'released']);
  });

  test('refuses a target that cannot be built for the platform, which is no failure of that target', async () => {
    const { outcomes, end } = await release(
      [ONE],
      [
        refuses,
        {
          exitCode: 1,
          says: `WARNING: Target ${ONE} is incompatible and cannot be built, but was explicitly requested.\n`,
          events: [{ id: { targetCompleted: { label: ONE } }, aborted: {} }],
        },
      ],
    );
    expect(outcomes.get(ONE)?.kind).toBe('incompatible');
    expect(end).toEqual({ kind: 'exited', exitCode: 1 });
  });
});

describe('a release whose content was released last', () => {
  let bytes: MemoryBytes;
  let notices: string[];

  beforeEach(() => {
    bytes = new MemoryBytes();
    notices = [];
  });

  /** Releases a target in a run of its own, which first builds it and then runs it. */
  async function inRun(
    id: number,
    calls: readonly FakeCall[],
    afterOutput: () => void = () => undefined,
  ): Promise<string | undefined> {
    rmSync(temporary.join('calls'), { force: true });
    const place = {
      workspace: '',
      ref: 'refs/heads/main',
      workflow: 'ci.yml',
      callers: '',
      run: `https://example.com/${id}`,
      attempt: { run: id, attempt: 1 },
      isPush: true,
      isForced: false,
    };
    const ledger = new ReleaseLedger(bytes, place, {
      mayLeaveOut: () => Promise.resolve(true),
      tell: (notice) => notices.push(notice),
    });
    const { outcomes } = await release([ONE], calls, afterOutput, ledger);
    const outcome = outcomes.get(ONE);
    return outcome?.kind === 'unchanged' ? outcome.message : outcome?.kind;
  }

  test('is built, and not released', async () => {
    expect(await inRun(1, [{ content: 'a' }, {}])).toBe('released');
    expect(await inRun(2, [{ content: 'a' }])).toBe(
      'Not released, because its content is what https://example.com/1 released. The input release-force releases it all ' +
        'the same.',
    );
    expect(callsMade()).toEqual([
      [
        '--nohome_rc',
        'run',
        '--stamp',
        '--config=ci',
        '--norun_validations',
        `--workspace_status_command=${temporary.join('constant-status.sh')}`,
        `--script_path=${temporary.join('run-0.sh')}`,
        '--',
        ONE,
      ],
    ]);
  });

  test('is released again after another content', async () => {
    for (const content of ['a', 'b', 'a']) expect(await inRun(1, [{ content }, {}])).toBe('released');
  });

  test('is released again after a release that failed, which may have published a part', async () => {
    expect(await inRun(1, [{ content: 'a' }, {}])).toBe('released');
    expect(await inRun(2, [{ content: 'b' }, { exitCode: 1, events: [completed(ONE, true)] }])).toBe(
      'failed to release',
    );
    expect(await inRun(3, [{ content: 'a' }, {}])).toBe('released');
  });

  test('is still known after a push that does not build', async () => {
    expect(await inRun(1, [{ content: 'a' }, {}])).toBe('released');
    expect(await inRun(2, [{ exitCode: 1 }, { exitCode: 1, events: [completed(ONE, false)] }])).toBe(
      'failed to build',
    );
    expect(notices).toEqual([]);
    expect(await inRun(3, [{ content: 'a' }])).toContain(
      'its content is what https://example.com/1 released',
    );
  });

  test('is not known any more if a release that did not build at first was made, which is said', async () => {
    expect(await inRun(1, [{ content: 'a' }, {}])).toBe('released');
    expect(await inRun(2, [{ exitCode: 1 }, {}])).toBe('released');
    expect(notices).toEqual([expect.stringContaining('//r:one was not built with a status command')]);
    expect(await inRun(3, [{ content: 'a' }, {}])).toBe('released');
  });

  test('is built and nothing more if the leg is stopped meanwhile', async () => {
    expect(await inRun(1, [{ content: 'a', says: 'building' }], () => signals.emit('SIGTERM'))).toBe(
      'no status',
    );
    expect(callsMade()).toHaveLength(1);
    expect(bytes.kept.size).toBe(0);
  });

  test('is unknown if the script of bazel run is not understood', async () => {
    expect(await inRun(1, [{}, {}])).toBe('released');
    expect(await inRun(2, [{}, {}])).toBe('released');
    expect(notices[0]).toContain('the script of bazel run has an unknown form');
  });

  test('is told to the release, which writes its digest into the receipt', async () => {
    await inRun(1, [{ content: 'a' }, {}]);
    expect(readFileSync(temporary.join('variables'), 'utf8')).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});
