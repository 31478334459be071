import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EventEmitter } from 'node:events';
import { parseLabel } from '../../src/graph/label.js';
import { logsOf } from '../../src/leg/result/outcome.js';
import { runLeg } from '../../src/leg/run-leg.js';
import { TemporaryWorkspace } from '../support/temporary-workspace.js';

/** The module in `bazel/`, used as a workspace of a user's own would use it. */

const MODULE = join(import.meta.dirname, '../../bazel');
const [A, B] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

const PUSHER = `
"""A pusher that says what it was given. Its files lie at the roots of runfiles, as those of rules_img do."""
def _impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, """#!/bin/bash
for given in "$@"; do echo "argument <$given>"; done
echo "content $(cat "$0.runfiles/content.txt")"
echo "folder \${PWD#"$0"}"
echo "variables $OF_RULE,$OF_RELEASE"
env | grep -E '^(JAVA_RUNFILES|RUNFILES_|TEST_SRCDIR)' || echo 'no runfiles variables'
echo "called from \${BUILD_WORKSPACE_DIRECTORY##*/}"
""", is_executable = True)
    runfiles = ctx.runfiles(root_symlinks = {"content.txt": ctx.file.content})
    return [
        DefaultInfo(executable = script, runfiles = runfiles),
        RunEnvironmentInfo(environment = {"OF_RULE": "rule " + ctx.label.name}),
    ]
pusher = rule(_impl, attrs = {"content": attr.label(allow_single_file = True)}, executable = True)

def _not_executable_impl(ctx):
    return [DefaultInfo(files = depset())]
not_executable = rule(_not_executable_impl)
`;

const BUILD = `
load("@bazel_affected//release:defs.bzl", "artifact_release", "container_release", "file_release")
load(":pusher.bzl", "pusher")

pusher(name = "first", content = "one.txt", args = ["--a='b  c'", '"d" \\\\"e'])
pusher(name = "second", content = "two.txt")
sh_binary(
    name = "located",
    srcs = ["say.sh"],
    args = ["$(location one.txt)", "$(rootpath two.txt)"],
    data = ["one.txt", "two.txt"],
    env = {"OF_RULE": "$(location one.txt)"},
    tags = ["manual"],
)
alias(name = "another_name", actual = ":located")
sh_binary(name = "fails", srcs = ["fails.sh"])
sh_binary(name = "fail=s", srcs = ["fails.sh"])
sh_binary(name = "prints_and_fails", srcs = ["prints_and_fails.sh"])
sh_binary(name = "survives", srcs = ["survives.sh"])
pusher(name = "odd_words", content = "one.txt", args = ["%{label}", '"a\\\\$$b" c'])
artifact_release(name = "odd", steps = [":odd_words"])
artifact_release(name = "odd_name", steps = [":fail=s"])
artifact_release(name = "interrupted", steps = [":survives", ":second"])
container_release(name = "push_fails", image_push = ":prints_and_fails")
artifact_release(name = "three", steps = [":first", ":second", ":another_name"], env = {"OF_RELEASE": "of 'all'"})
artifact_release(name = "failing", steps = [":first", ":fails", ":second"])
artifact_release(name = "for_laptop", steps = [":fails"], dev_steps = [":first"])

sh_binary(name = "push", srcs = ["push.sh"], args = ["--tag", "v1"], data = ["one.txt"])
sh_binary(name = "silent_push", srcs = ["say.sh"])
sh_binary(name = "two_images", srcs = ["push.sh"], args = ["also"])
sh_binary(name = "unsure_push", srcs = ["unsure_push.sh"])
sh_binary(name = "apply", srcs = ["apply.sh"])
container_release(name = "api", image_push = ":push", deployments = ["deploy.yaml", "other.json"], deployment_publisher = ":apply")
container_release(name = "both_images", image_push = ":two_images", deployments = ["deploy.yaml"], deployment_publisher = ":apply")
container_release(name = "silent", image_push = ":silent_push", deployments = ["deploy.yaml"], deployment_publisher = ":apply")
container_release(name = "as_built", image_push = ":silent_push", image_digest = "digest_b.txt", deployments = ["other.json"], deployment_publisher = ":apply")
container_release(name = "unsure", image_push = ":unsure_push", deployments = ["deploy.yaml"], deployment_publisher = ":apply")
container_release(name = "other_than_built", image_push = ":push", image_digest = "digest_b.txt", deployments = ["deploy.yaml"], deployment_publisher = ":apply")
container_release(name = "nameless", image_push = ":push", deployments = ["one.txt"], deployment_publisher = ":apply")

sh_binary(name = "copy", srcs = ["copy.sh"])
sh_binary(name = "digest_of", srcs = ["digest_of.sh"])
sh_binary(name = "broken_look", srcs = ["fails.sh"])
file_release(name = "file", file = "one.txt", publisher = ":copy", destination = "one-1.0.txt", digest_at_destination = ":digest_of", dev_destination = "dev/one.txt")
file_release(name = "latest", file = "one.txt", publisher = ":copy", destination = "one-1.0.txt", digest_at_destination = ":digest_of", versions = "mutable")
sh_binary(name = "loud_digest_of", srcs = ["loud_digest_of.sh"])
file_release(name = "loud", file = "one.txt", publisher = ":copy", destination = "one-1.0.txt", digest_at_destination = ":loud_digest_of")
sh_binary(name = "vague_look", srcs = ["say.sh"])
file_release(name = "vague", file = "one.txt", publisher = ":copy", destination = "one-1.0.txt", digest_at_destination = ":vague_look")
file_release(name = "unseen", file = "one.txt", publisher = ":copy", destination = "one-1.0.txt", digest_at_destination = ":broken_look")
`;

const SHELL = '#!/bin/bash\n';

/** The examples of the page, by the file that their first line names. */
const EXAMPLES = new Map(
  [
    ...readFileSync(join(import.meta.dirname, '../../docs/releases.md'), 'utf8').matchAll(
      /^```starlark\n# (\S+)\n(.*?)^```$/gms,
    ),
  ].map(([, path = '', text = '']) => [path, text]),
);

/** What the examples name, and a stand-in for rules_oci by its conventions: it cannot be had without a network. */
const AROUND_EXAMPLES: Readonly<Record<string, string>> = {
  'rules_oci/MODULE.bazel': 'module(name = "rules_oci")\n',
  'rules_oci/oci/BUILD.bazel': '',
  'rules_oci/oci/defs.bzl': `
def _impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    line = "%s@sha256:%s" % (ctx.attr.repository, "a" * 64)
    ctx.actions.write(script, "#!/bin/sh\\necho " + line, is_executable = True)
    return [DefaultInfo(executable = script)]
oci_push = rule(_impl, attrs = {
    "image": attr.label(allow_files = True),
    "remote_tags": attr.string_list(),
    "repository": attr.string(),
}, executable = True)
`,
  'services/api/deployment.yaml': "image: '{{IMAGE}}'\n",
  'tools/BUILD.bazel': ['apply', 'upload', 'digest_at']
    .map(
      (name) => `sh_binary(name = "${name}", srcs = ["${name}.sh"], visibility = ["//visibility:public"])\n`,
    )
    .join(''),
  'tools/apply.sh': `${SHELL}echo "applies $(cat "$1")"\n`,
  'tools/upload.sh': `${SHELL}echo "uploads to $2"\n`,
  'tools/digest_at.sh': SHELL,
  'docs/BUILD.bazel':
    'sh_binary(name = "publish", srcs = ["publish.sh"], visibility = ["//visibility:public"])\n',
  'docs/publish.sh': SHELL,
  'libs/client/publish.sh': SHELL,
};

/** Targets that the examples name beside their own. */
const BESIDE_EXAMPLES: Readonly<Record<string, string>> = {
  'services/api/BUILD.bazel': 'filegroup(name = "image")\n',
  'cli/BUILD.bazel': 'genrule(name = "tar", outs = ["cli.tar"], cmd = "echo cli > $@")\n',
  'libs/client/BUILD.bazel':
    'sh_binary(name = "client.publish", srcs = ["publish.sh"])\nsh_binary(name = "check", srcs = ["publish.sh"])\n',
};

const workspace = new TemporaryWorkspace({
  'MODULE.bazel': `
module(name = "user")
bazel_dep(name = "bazel_affected")
local_path_override(module_name = "bazel_affected", path = "${MODULE}")
bazel_dep(name = "rules_oci")
local_path_override(module_name = "rules_oci", path = "rules_oci")
`,
  ...AROUND_EXAMPLES,
  '.bazelrc':
    'common --lockfile_mode=off --noshow_progress --ui_event_filters=-info,-warning\nbuild --show_result=0\n',
  'svc/BUILD.bazel': BUILD,
  'svc/pusher.bzl': PUSHER,
  'svc/one.txt': 'one\n',
  'svc/two.txt': 'two\n',
  'svc/digest_b.txt': `${B}\n`,
  'svc/deploy.yaml': 'image: {{IMAGE}}\n',
  'svc/other.json': '{"image": "registry/api@{{DIGEST}}"}\n',
  'svc/say.sh': `${SHELL}echo "says $*, $OF_RULE, $OF_RELEASE"\n`,
  'svc/fails.sh': `${SHELL}echo 'it is down' >&2\nexit 3\n`,
  'svc/prints_and_fails.sh': `${SHELL}echo registry:5000/api:v1@${A}\nexit 4\n`,
  'svc/survives.sh': `${SHELL}kill -TERM "$(awk '{ print $4 }' "/proc/$PPID/stat")"\nsleep 0.2\necho 'survived'\n`,
  'svc/loud_digest_of.sh': `${SHELL}sha256sum "$STORE/$1" | tr 'a-f' 'A-F'\n`,
  'svc/push.sh': `${SHELL}echo "pushing with $*" >&2\necho registry/api@${A}\n[[ $1 != also ]] || echo registry/side@${B}\n`,
  'svc/unsure_push.sh': `${SHELL}echo registry/api@${A}\necho registry/api@${B} > "$BAZEL_AFFECTED_STEP_RESULT"\n`,
  'svc/apply.sh': `${SHELL}echo "applies $(basename "$1"): $(cat "$1")"\n`,
  'svc/copy.sh': `${SHELL}mkdir -p "$(dirname "$STORE/$2")" && cp "$1" "$STORE/$2" && echo "copied to $2"\n`,
  'svc/digest_of.sh': `${SHELL}[[ ! -f $STORE/$1 ]] || sha256sum "$STORE/$1"\n`,
});
const store = join(workspace.room, 'store');
const receiptFile = join(workspace.room, 'receipt.json');

afterAll(() => {
  workspace[Symbol.dispose]();
});

beforeEach(() => {
  rmSync(store, { recursive: true, force: true });
  rmSync(receiptFile, { force: true });
  mkdirSync(store);
});

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a target as `bazel run` does. */
function run(target: string, args: readonly string[] = [], more: NodeJS.ProcessEnv = {}): Ran {
  const env = { ...process.env, STORE: store, BAZEL_AFFECTED_RECEIPT: receiptFile, ...more };
  return spawnSync(
    workspace.bazel,
    [...workspace.startupOptions, 'run', target.startsWith('//') ? target : `//svc:${target}`, '--', ...args],
    {
      cwd: workspace.folder,
      encoding: 'utf8',
      env,
    },
  );
}

function receipt(): Readonly<Record<'subjects', unknown>> {
  return JSON.parse(readFileSync(receiptFile, 'utf8')) as Readonly<Record<'subjects', unknown>>;
}

describe('the steps of a release', () => {
  test('run in order, each in its own runfiles, with its own arguments and variables', () => {
    const { status, stdout } = run('three.ci');
    expect(stdout.trim().split('\n')).toEqual([
      'argument <--a=b  c>',
      'argument <d>',
      'argument <"e>',
      'content one',
      'folder .runfiles/_main',
      "variables rule first,of 'all'",
      'no runfiles variables',
      'called from workspace',
      'content two',
      'folder .runfiles/_main',
      "variables rule second,of 'all'",
      'no runfiles variables',
      'called from workspace',
      "says svc/one.txt svc/two.txt, svc/one.txt, of 'all'",
    ]);
    expect(status).toBe(0);
  });

  test('end with the first one that fails, and the receipt says so', () => {
    const { status, stdout, stderr } = run('failing.ci');
    expect({ status, isSecondRun: stdout.includes('content two') }).toEqual({
      status: 3,
      isSecondRun: false,
    });
    expect(stderr).toContain(
      'error: //svc:failing.ci: step 2, //svc:fails, ended with exit code 3. 1 later steps did not run',
    );
    expect(receipt()).toMatchObject({
      outcome: 'failed',
      steps: [
        { label: '//svc:first', exitCode: 0 },
        { label: '//svc:fails', exitCode: 3 },
      ],
      subjects: [],
    });
  });

  test.each(['3', '//svc:another_name', '//svc:located', 'located'])('run alone with --only %s', (step) => {
    const { status, stdout } = run('three.ci', ['--only', step]);
    if (step === '//svc:another_name') expect(status).toBe(2);
    else
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout: expect.stringMatching(/^says .*\n$/) as unknown as string,
      });
  });

  test('run nothing in a dry run, which says what they would publish', () => {
    const { status, stdout, stderr } = run('three.ci', ['--dry-run']);
    expect(stdout).toBe(
      [
        'Dry run of //svc:three.ci: nothing runs.',
        '1. runs //svc:first, with the arguments --a=b  c d "e',
        '2. runs //svc:second',
        '3. runs //svc:located, with the arguments svc/one.txt svc/two.txt',
        '',
      ].join('\n'),
    );
    expect({ status, stderr: stderr.includes('Step') }).toEqual({ status: 0, stderr: false });
    expect(existsSync(receiptFile)).toBe(false);
  });

  test('keep words that look like placeholders of the launcher, and those that Bazel leaves as they are', () => {
    expect(run('odd.ci').stdout.split('\n').slice(0, 3)).toEqual([
      'argument <%{label}>',
      String.raw`argument <a\$b>`,
      'argument <c>',
    ]);
  });

  test('are run by their path, also if that has a = like a variable', () => {
    expect(run('odd_name.ci')).toMatchObject({ status: 3, stdout: '' });
  });

  test('do not go on after a signal, even if the running one ends with success', () => {
    const { status, stdout, stderr } = run('interrupted.ci');
    expect({ status, stdout }).toEqual({ status: 130, stdout: 'survived\n' });
    expect(stderr).toContain('stopped by a signal. Later steps did not run');
    expect(receipt()).toMatchObject({ outcome: 'failed' });
  });

  test('have to be one with --only', () => {
    const { status, stderr } = run('api.ci', ['--only', 'apply']);
    expect(status).toBe(2);
    expect(stderr).toContain(
      '2 steps are called apply: give the number of one. The steps are: 1. //svc:push, 2. //svc:apply, 3. //svc:apply',
    );
    expect(run('api.ci', ['--only', 'nothing']).stderr).toContain(
      'there is no step nothing. The steps are: 1. ',
    );
  });

  test.each([[['--tag', 'x']], [['--only']], [['--only=']], [['--only', 'nothing']]])(
    'refuse the arguments %j',
    (args) => {
      const { status, stdout } = run('three.ci', args);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    },
  );

  test('do not run at all if the receipt cannot be written', () => {
    const { status, stdout, stderr } = run('three.ci', [], {
      BAZEL_AFFECTED_RECEIPT: join(store, 'none/x.json'),
    });
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('cannot be written, so nothing was released');
  });

  test('cannot run without runfiles trees, and the message says what to do', () => {
    workspace.call('build', '//svc:three.ci');
    const built = join(workspace.folder, 'bazel-bin/svc/first.sh.runfiles');
    chmodSync(join(workspace.folder, 'bazel-bin/svc'), 0o755);
    rmSync(built, { recursive: true });
    const script = join(workspace.folder, 'bazel-bin/svc/three.ci.sh');
    const { status, stderr } = spawnSync(script, { cwd: `${script}.runfiles/_main`, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('do not use --nobuild_runfile_links for releases');
  });

  test('cannot be targets that are not executable', () => {
    workspace.write(
      'bad/BUILD.bazel',
      `load("@bazel_affected//release:defs.bzl", "artifact_release")
filegroup(name = "files")
artifact_release(name = "bad", steps = [":files"])
`,
    );
    expect(() => workspace.call('build', '//bad:bad.ci')).toThrow(
      /cannot be run: a step of a release is an executable target/,
    );
  });
});

describe('a release from a laptop', () => {
  test('runs what it has of its own', () => {
    expect(run('for_laptop.dev')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('content one') as unknown as string,
    });
    expect(receipt()).toMatchObject({ label: '//svc:for_laptop.dev', channel: 'dev', outcome: 'released' });
  });

  test('is refused if it has nothing of its own, and publishes nothing', () => {
    const { status, stdout, stderr } = run('three.dev');
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain(
      'error: //svc:three.dev: it has no dev_steps, and what CI releases is not released from a laptop',
    );
  });

  test('is described by the target without an ending', () => {
    const { status, stdout } = run('three');
    expect(status).toBe(0);
    expect(stdout).toContain('//svc:three releases 3 steps.');
    expect(stdout).toContain('bazel run //svc:three.dev');
  });
});

describe('a release of an image', () => {
  test('publishes its deployments with the digest that was pushed', () => {
    const { status, stdout } = run('api.ci', [], {
      BAZEL_AFFECTED_COMMIT: 'abc',
      BAZEL_AFFECTED_CONTENT_DIGEST: A,
    });
    expect(stdout.trim().split('\n')).toEqual([
      `registry/api@${A}`,
      `applies deploy.yaml: image: registry/api@${A}`,
      `applies other.json: {"image": "registry/api@${A}"}`,
    ]);
    expect(status).toBe(0);
    expect(receipt()).toMatchObject({
      version: 1,
      label: '//svc:api.ci',
      channel: 'ci',
      outcome: 'released',
      commit: 'abc',
      contentDigest: A,
      steps: [
        { label: '//svc:push', does: 'push', exitCode: 0 },
        { label: '//svc:apply', does: 'deploy', exitCode: 0 },
        { label: '//svc:apply', does: 'deploy', exitCode: 0 },
      ],
      subjects: [{ name: 'registry/api', digest: A, kind: 'oci' }],
    });
  });

  test('names the first of several images that one push says, and its receipt all', () => {
    expect(run('both_images.ci').stdout).toContain(`applies deploy.yaml: image: registry/api@${A}`);
    expect(receipt().subjects).toEqual([
      { name: 'registry/api', digest: A, kind: 'oci' },
      { name: 'registry/side', digest: B, kind: 'oci' },
    ]);
  });

  test('takes the digest of the build if the push says none', () => {
    expect(run('as_built.ci')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`"registry/api@${B}"`) as unknown as string,
    });
  });

  test.each([
    ['silent.ci', 'the digest of the pushed image is unknown, so svc/deploy.yaml is not published'],
    ['unsure.ci', 'it is unclear which image was pushed: //svc:unsure_push says'],
    ['other_than_built.ci', 'it is unclear which image was pushed: //svc:push says'],
    ['nameless.ci', 'the deployment file svc/one.txt names no image'],
  ])('publishes no deployment: %s', (target, why) => {
    const { status, stdout, stderr } = run(target);
    expect({ status, applies: stdout.includes('applies') }).toEqual({ status: 1, applies: false });
    expect(stderr).toContain(why);
    expect(receipt()).toMatchObject({ outcome: 'failed' });
  });

  test('tells in its receipt what was published before it failed', () => {
    expect(run('push_fails.ci').status).toBe(4);
    expect(receipt()).toMatchObject({
      outcome: 'failed',
      steps: [{ label: '//svc:prints_and_fails', exitCode: 4 }],
      subjects: [{ name: 'registry:5000/api', digest: A, kind: 'oci' }],
    });
  });

  test('says in a dry run where it pushes and what it publishes', () => {
    expect(run('api.ci', ['--dry-run']).stdout).toBe(
      [
        'Dry run of //svc:api.ci: nothing runs.',
        '1. pushes the image with //svc:push, with the arguments --tag v1',
        '2. publishes svc/deploy.yaml with //svc:apply',
        '3. publishes svc/other.json with //svc:apply',
        '',
      ].join('\n'),
    );
  });

  test('needs a publisher for its deployments', () => {
    workspace.write(
      'bad/BUILD.bazel',
      `load("@bazel_affected//release:defs.bzl", "container_release")
container_release(name = "bad", image_push = "//svc:push", deployments = ["x.yaml"])
`,
    );
    expect(() => workspace.call('build', '//bad:all')).toThrow(
      /has deployments, but no deployment_publisher/,
    );
  });
});

describe('a release of a file', () => {
  const published = join(store, 'one-1.0.txt');

  test('publishes it, and its receipt has the digest', () => {
    expect(run('file.ci')).toMatchObject({ status: 0, stdout: 'copied to one-1.0.txt\n' });
    expect(readFileSync(published, 'utf8')).toBe('one\n');
    expect(receipt()).toMatchObject({
      subjects: [
        {
          name: 'one-1.0.txt',
          digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as unknown as string,
          kind: 'file',
        },
      ],
    });
  });

  test('counts as done if the same content is there already', () => {
    run('file.ci');
    expect(run('file.ci')).toMatchObject({ status: 0, stdout: '' });
    expect(receipt()).toMatchObject({ outcome: 'released', steps: [{ note: 'was there already' }] });
  });

  test('fails if another content is there, and leaves it', () => {
    workspace.write('../store/one-1.0.txt', 'another\n');
    const { status, stderr } = run('file.ci');
    expect(status).toBe(1);
    expect(stderr).toContain('another content is at one-1.0.txt, and versions are immutable');
    expect(readFileSync(published, 'utf8')).toBe('another\n');
  });

  test('replaces what is there if versions are mutable', () => {
    workspace.write('../store/one-1.0.txt', 'another\n');
    expect(run('latest.ci').status).toBe(0);
    expect(readFileSync(published, 'utf8')).toBe('one\n');
  });

  test.each(['unseen.ci', 'vague.ci'])(
    'publishes nothing if it cannot be found out what is there: %s',
    (target) => {
      const { status, stderr } = run(target);
      expect({ status, isThere: existsSync(published) }).toEqual({ status: 1, isThere: false });
      expect(stderr).toMatch(
        /it cannot be found out what is at one-1.0.txt: .* failed, or did not print one SHA-256/,
      );
    },
  );

  test('reads a digest in capital letters', () => {
    workspace.write('../store/one-1.0.txt', 'another\n');
    expect(run('loud.ci').stderr).toContain('another content is at one-1.0.txt');
    workspace.write('../store/one-1.0.txt', 'one\n');
    expect(run('loud.ci')).toMatchObject({ status: 0, stdout: '' });
  });

  test('goes to another place from a laptop', () => {
    expect(run('file.dev').status).toBe(0);
    expect(existsSync(join(store, 'dev/one.txt'))).toBe(true);
  });
});

test('CI finds releases by their rule class, and builds their steps with them', () => {
  const releases = workspace.call('query', 'kind("artifact_ci_release rule", //svc:all)').split('\n');
  expect(releases).toEqual(expect.arrayContaining(['//svc:three.ci', '//svc:api.ci', '//svc:file.ci']));
  expect(releases).not.toContain('//svc:three.dev');
});

describe('the examples of docs/releases.md', () => {
  test('are about these files', () => {
    expect([...EXAMPLES.keys()]).toEqual(['MODULE.bazel', ...Object.keys(BESIDE_EXAMPLES)]);
  });

  test.each([
    ['services/api/BUILD.bazel', '//services/api:api.ci', `applies image: 'registry.example.com/api@${A}'`],
    ['services/api/BUILD.bazel', '//services/api:api.dev', `registry.example.com/dev/api@${A}`],
    ['cli/BUILD.bazel', '//cli:cli.ci', 'uploads to cli/1.4.0/cli.tar'],
    ['libs/client/BUILD.bazel', '//libs/client:client.ci', ''],
  ])('release: %s, %s', (file, target, printed) => {
    workspace.write(file, `${EXAMPLES.get(file) ?? ''}${BESIDE_EXAMPLES[file] ?? ''}`);
    const { status, stdout } = run(target);
    expect(status).toBe(0);
    expect(stdout).toContain(printed);
  });
});

test('a leg that only builds releases shows what they would do', async () => {
  const tempFolder = workspace.newFolder();
  const labels = ['//svc:three.ci', '//svc:api.ci', '//svc:for_laptop.ci'].map(parseLabel);
  const result = await runLeg({
    leg: { name: 'leg', mode: 'build', targets: labels, runsOn: 'ubuntu-latest' },
    attempt: 1,
    workspace: workspace.folder,
    bazel: { program: workspace.bazel, startupOptions: workspace.startupOptions, flags: [] },
    access: 'none',
    variables: {},
    status: {},
    ledger: null,
    rcLines: [],
    secrets: [],
    tempFolder,
    resultFile: join(tempFolder, 'result.json'),
    graceMs: 1000,
    signals: new EventEmitter(),
    onOutput: () => undefined,
  });
  const said = result.targets.map(({ outcome }) => logsOf(outcome).map(({ tail }) => tail));
  const printed = run('three.ci', ['--dry-run']).stdout.replace(/^.*\n/, '').trimEnd();
  expect(said).toEqual([
    [printed],
    [
      '1. pushes the image with //svc:push, with the arguments --tag v1\n' +
        '2. publishes svc/deploy.yaml with //svc:apply\n3. publishes svc/other.json with //svc:apply',
    ],
    ['1. runs //svc:fails'],
  ]);
});

test('the rules work where a WORKSPACE file takes the place of modules', () => {
  using old = new TemporaryWorkspace({
    WORKSPACE: `workspace(name = "user")\nlocal_repository(name = "bazel_affected", path = "${MODULE}")\n`,
    '.bazelrc': 'common --noenable_bzlmod --enable_workspace\n',
    'svc/BUILD.bazel':
      'load("@bazel_affected//release:defs.bzl", "artifact_release")\nload(":pusher.bzl", "pusher")\n' +
      'pusher(name = "push", content = "one.txt", args = ["--tag"])\nartifact_release(name = "api", steps = [":push"])\n',
    'svc/pusher.bzl': PUSHER,
    'svc/one.txt': 'one\n',
  });
  const ran = old.call('run', '//svc:api.ci').split('\n');
  expect(ran).toEqual(expect.arrayContaining(['argument <--tag>', 'content one', 'folder .runfiles/user']));
  expect(old.call('run', '//svc:api.ci', '--', '--dry-run')).toContain(
    '1. runs //svc:push, with the arguments --tag',
  );
});
