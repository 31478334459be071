import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Interruption } from '../../src/adapters/bazel/interruption.js';
import { parseLabel } from '../../src/graph/label.js';
import { contentOf } from '../../src/leg/release-content.js';
import { TemporaryWorkspace } from '../support/temporary-workspace.js';

const MODULE = join(import.meta.dirname, '../../bazel');

const PUSHER = `
def _impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, "#!/bin/sh", is_executable = True)
    return [
        DefaultInfo(executable = script, runfiles = ctx.runfiles(root_symlinks = {ctx.attr.link: ctx.file.content})),
        RunEnvironmentInfo(environment = {"MODE": ctx.attr.mode}),
    ]
pusher = rule(_impl, attrs = {
    "content": attr.label(allow_single_file = True),
    "link": attr.string(default = "content.txt"),
    "mode": attr.string(default = "quiet"),
}, executable = True)
`;

const BUILD = `
load("@bazel_affected//release:defs.bzl", "artifact_release")
load(":pusher.bzl", "pusher")
pusher(name = "first", content = "one.txt", args = ["--tag=1"])
pusher(name = "second", content = "two.txt")
artifact_release(name = "both", steps = [":first", ":second"], env = {"OF_ALL": "1"})

genrule(
    name = "stamp",
    outs = ["stamp.txt"],
    cmd = "cat bazel-out/*-status.txt >$@",
    stamp = 1,
)
sh_binary(name = "stamped", srcs = ["push.sh"], data = [":stamp"])
genrule(
    name = "commit",
    outs = ["commit.txt"],
    cmd = "grep STABLE_GIT_COMMIT bazel-out/stable-status.txt >$@ && grep STABLE_RUN bazel-out/stable-status.txt >>$@",
    stamp = 1,
)
sh_binary(name = "tagged", srcs = ["push.sh"], data = [":commit"])
sh_binary(name = "broken", srcs = ["push.sh"], data = ["missing.txt"])
`;

const FILES = {
  'MODULE.bazel': `module(name = "user")
bazel_dep(name = "bazel_affected")
local_path_override(module_name = "bazel_affected", path = "${MODULE}")
`,
  '.bazelrc': 'common --lockfile_mode=off\nbuild --workspace_status_command=./status.sh\n',
  'status.sh': '#!/bin/sh\necho STABLE_NOW $(date +%s%N)\necho ANY $(date +%s%N)\n',
  'BUILD.bazel': BUILD,
  'pusher.bzl': PUSHER,
  'push.sh': '#!/bin/sh\n',
  'one.txt': 'one',
  'two.txt': 'two',
};

let workspace: TemporaryWorkspace;

beforeAll(() => {
  workspace = new TemporaryWorkspace(FILES);
});

afterAll(() => {
  workspace[Symbol.dispose]();
});

/** The digest of a release's content; or why it is not known. */
async function digestOf(
  target: string,
  { folder, bazel, startupOptions } = workspace,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  using interruption = new Interruption(new EventEmitter());
  const label = parseLabel(target);
  let output = '';
  const content = await contentOf(
    {
      leg: { name: target, mode: 'release', targets: [label], runsOn: 'x' },
      workspace: folder,
      bazel: { program: bazel, startupOptions, flags: ['--stamp'] },
      access: 'of the job',
      variables,
      status: { STABLE_RUN: 'https://example.com/runs/1' },
      ledger: null,
      folder: workspace.newFolder(),
      interruption,
      conceal: (text) => text,
      graceMs: 1000,
    },
    label,
    0,
    (chunk) => {
      output += chunk.toString();
    },
  );
  switch (content.kind) {
    case 'known':
      return content.digest;
    case 'not built':
      return `not built: ${output}`;
    case 'unknown':
      return content.why;
  }
}

const DIGEST = /^[0-9a-f]{64}$/;

describe('the digest of a release is the same', () => {
  test('on another machine, for files in another folder', async () => {
    using other = new TemporaryWorkspace(FILES);
    const digest = await digestOf('//:both.ci');
    expect(digest).toMatch(DIGEST);
    expect(await digestOf('//:both.ci', other)).toBe(digest);
    const stamped = await digestOf('//:stamped', undefined, { USER: 'ada' });
    expect(stamped).toMatch(DIGEST);
    // Stamps have the time, the host and the user.
    expect(await digestOf('//:stamped', other, { USER: 'bob' })).toBe(stamped);
    // Keys that the release itself has are there.
    expect(await digestOf('//:tagged')).toMatch(DIGEST);
  });

  test('if only layout and other targets change', async () => {
    const digest = await digestOf('//:both.ci');
    workspace.write('BUILD.bazel', `# A comment.\n${BUILD}sh_binary(name = "another", srcs = ["push.sh"])\n`);
    expect(await digestOf('//:both.ci')).toBe(digest);
  });
});

test.each([
  ['an argument of a step', 'BUILD.bazel', BUILD.replace('--tag=1', '--tag=2')],
  ['a variable of a step', 'pusher.bzl', PUSHER.replace('default = "quiet"', 'default = "loud"')],
  ['a variable of all steps', 'BUILD.bazel', BUILD.replace('"OF_ALL": "1"', '"OF_ALL": "2"')],
  ['the order of steps', 'BUILD.bazel', BUILD.replace('":first", ":second"', '":second", ":first"')],
  ['a runfile of a step', 'two.txt', 'three'],
  ['the name of a runfile', 'pusher.bzl', PUSHER.replace('default = "content.txt"', 'default = "data.txt"')],
  ['the program of a step', 'pusher.bzl', PUSHER.replace('#!/bin/sh', '#!/bin/bash')],
])('the digest of a release differs with %s', async (_what, path, text) => {
  for (const [each, content] of Object.entries(FILES)) workspace.write(each, content);
  const before = await digestOf('//:both.ci');
  workspace.write(path, text);
  const after = await digestOf('//:both.ci');
  expect([before, after]).toEqual([expect.stringMatching(DIGEST), expect.stringMatching(DIGEST)]);
  expect(after).not.toBe(before);
});

test('what cannot be built has no digest', async () => {
  expect(await digestOf('//:broken')).toMatch(/^not built: .*missing\.txt/s);
});
