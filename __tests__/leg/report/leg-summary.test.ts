import { describe, expect, test } from '@jest/globals';
import { legAnnotations, limitAnnotations } from '../../../src/leg/report/annotations.js';
import { legFailure, legSummary } from '../../../src/leg/report/leg-summary.js';
import type { Outcome } from '../../../src/leg/result/outcome.js';
import { BUILT, failed, legResult, PASSED, target } from '../result/builders.js';

const EVIL = '//a:</summary>`|\u001b[31m${{ x }}';

describe('the summary of a leg', () => {
  test('shows bad targets first, with the end of their logs in a block that opens on a click', () => {
    const summary = legSummary(
      legResult(
        { '//a:good': PASSED, '//a:bad': failed() },
        { status: 'failed', message: 'One failed.', name: 'leg' },
      ),
    );
    expect(summary).toContain('### ❌ leg\n\nOne failed. (test, 1 min)');
    expect(summary).toContain(
      '<details open>\n<summary>❌ <code>//a:bad</code> failed</summary>\n\nOn your machine: <code>bazel test //a:bad</code>\n',
    );
    expect(summary).toContain('```text\nexpected 1, got 2\n```');
    expect(summary.indexOf('| ❌ | <code>//a:bad</code>')).toBeLessThan(
      summary.indexOf('| ✅ | <code>//a:good'),
    );
  });

  test("shows Bazel's message if the leg failed", () => {
    const summary = legSummary(
      legResult({ '//a:a': PASSED }, { status: 'failed', bazel: { exitCode: 2, message: 'ERROR: no' } }),
    );
    expect(summary).toContain('<summary>What Bazel said</summary>\n\n```text\nERROR: no\n```');
  });

  test('shows what releases published', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const published = [{ name: 'registry/api', digest, kind: 'oci' }] as const;
    const outcome: Outcome = { kind: 'released', durationMs: 1, published };
    const summary = legSummary(legResult({ '//a:r': outcome }, { mode: 'release' }));
    expect(summary).toContain(
      `### Published\n\n| release | what | digest |\n| --- | --- | --- |\n| <code>//a:r</code> | <code>registry/api</code> | <code>${digest}</code> |`,
    );
  });

  test('shows what releases would do that were only built', () => {
    const logs = [{ name: 'dry run', uri: 'file:///x', tail: '1. pushes the image' }];
    const built = legResult({ '//a:r': { kind: 'built', logs }, '//a:s': BUILT }, { mode: 'build' });
    expect(legSummary(built)).toContain(
      '### What would be released\n\n<details>\n<summary><code>//a:r</code></summary>\n\n```text\n1. pushes the image\n```',
    );
    expect(legSummary(legResult({ '//a:s': BUILT }, { mode: 'build' }))).not.toContain('would be released');
  });

  test('says why a release was left out', () => {
    const message = 'Not released, because its content is what run 7 released.';
    const summary = legSummary(legResult({ '//a:r': { kind: 'unchanged', message } }, { mode: 'release' }));
    expect(summary).toContain(
      `| ⏭️ | <code>//a:r</code> | unchanged | – |\n\n<code>//a:r</code>: ${message}`,
    );
  });

  test('of releases whose own tests failed shows these tests, and how to run them', () => {
    const message = 'Not released, because 1 own test did not pass: //a:t.';
    const result = legResult(
      { '//a:r': { kind: 'withheld', message } },
      {
        mode: 'release',
        status: 'failed',
        message,
        ownTests: [target('//a:t', failed()), target('//a:u', PASSED)],
        bazel: { exitCode: 3, message: null },
      },
    );
    const summary = legSummary(result);
    expect(summary).toContain(`### ❌ //a:r\n\n${message.replace('//a:t', '//a:t')} (release, 1 min)`);
    expect(summary).toContain(
      '<summary>❌ <code>//a:t</code> failed</summary>\n\nOn your machine: <code>bazel test //a:t</code>',
    );
    expect(summary).toMatch(
      /\| ⏸️ \| <code>\/\/a:r<\/code> \| withheld [^]*### Own tests\n\n[^]*<code>\/\/a:u<\/code>/,
    );
    expect(legAnnotations(result).map(({ title }) => title)).toEqual(['//a:r', '//a:t failed']);
  });

  test('is broken by no label and no log', () => {
    const summary = legSummary(
      legResult({ [EVIL]: failed('```\n</details>\n\u001b[31mred') }, { name: '| # <b>' }),
    );
    expect(summary).not.toContain('\u001b');
    expect(summary).not.toContain('<b>');
    expect(summary.match(/<\/summary>/g)).toHaveLength(1);
    expect(summary).toContain('````text\n```\n</details>\nred\n````');
  });

  test('stays in its limit, and drops logs before it drops the status', () => {
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, at) => [`//a:t${at}`, failed('x'.repeat(10_000))]),
    );
    const summary = legSummary(legResult(many, { status: 'failed', name: 'leg' }), 200_000);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(200_000);
    expect(summary).toContain('### ❌ leg');
    expect(summary).toMatch(/sections left out/);
    expect(summary.match(/<details( open)?>/g)?.length).toBe(summary.match(/<\/details>/g)?.length);
  });
});

test('a leg that could not be run to its end says why', () => {
  expect(legFailure('input leg: "x" cannot be used')).toBe(
    '### ❌ This leg has no result\n\n```text\ninput leg: "x" cannot be used\n```\n',
  );
});

test('a leg of many failed targets whose result cannot be stored says both on one page', () => {
  const many = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, at) => [`//a:t${at}`, failed('x'.repeat(5_000))]),
  );
  const page =
    legSummary(legResult(many, { status: 'failed' })) + legFailure('no space left '.repeat(100_000));
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(1024 * 1024);
  expect(page).toMatch(/^### ❌ .*\n(.*\n)*### ❌ This leg has no result\n\n```text\nno space left /);
});

describe('the annotations of a leg', () => {
  test('point at the BUILD file with the end of the log', () => {
    const result = legResult({ '//a:bad': failed() }, { status: 'failed' });
    const located = result.targets.map((target) => ({ ...target, location: { file: 'a/BUILD', line: 7 } }));
    expect(legAnnotations({ ...result, targets: located })).toEqual([
      {
        level: 'error',
        title: '//a:bad failed',
        message: 'expected 1, got 2',
        location: { file: 'a/BUILD', line: 7 },
      },
    ]);
  });

  test('warn of a flaky target', () => {
    const flaky: Outcome = { kind: 'flaky', durationMs: 1, attempts: 2, shards: 1, logs: [] };
    expect(legAnnotations(legResult({ '//a:a': flaky }))).toMatchObject([
      { level: 'warning', title: '//a:a flaky (2 attempts)', message: '//a:a flaky (2 attempts)' },
    ]);
  });

  test("hold Bazel's message if the leg failed and no target did", () => {
    const result = legResult(
      { '//a:a': PASSED },
      { status: 'failed', message: 'Bazel failed.', bazel: { exitCode: 37, message: 'FATAL: bug' } },
    );
    expect(legAnnotations(result)).toMatchObject([{ level: 'error', message: 'Bazel failed.\nFATAL: bug' }]);
  });

  test("hold Bazel's message once, for all targets that it kept from having a result", () => {
    const lost: Outcome = { kind: 'no status', message: 'Bazel reported nothing about this target.' };
    const result = legResult(
      { '//a:bad': failed(), '//a:a': lost, '//b:b': lost },
      {
        name: 'leg',
        status: 'failed',
        message: 'A wrong option.',
        bazel: { exitCode: 2, message: 'ERROR: --nope' },
      },
    );
    expect(legAnnotations(result)).toMatchObject([
      { level: 'error', title: 'leg', message: 'A wrong option.\nERROR: --nope', location: null },
      { level: 'error', title: '//a:bad failed' },
    ]);
  });

  test('say it once where Bazel could not be started', () => {
    const message = 'Bazel could not be started.';
    const result = legResult(
      { '//a:a': { kind: 'no status', message: 'Bazel reported nothing about this target.' } },
      { status: 'failed', message, bazel: { exitCode: null, message: null } },
    );
    expect(legAnnotations(result)).toMatchObject([{ title: '//a:a', message, location: null }]);
  });

  test('are of a target that Bazel succeeded without', () => {
    const result = legResult(
      { '//a:a': { kind: 'no status', message: 'It was filtered out.' } },
      { status: 'failed', message: 'One has no result.', bazel: { exitCode: 0, message: null } },
    );
    expect(legAnnotations(result)).toMatchObject([
      { title: '//a:a no status', message: 'It was filtered out.' },
    ]);
  });

  test('are none if every target passed', () => {
    expect(legAnnotations(legResult({ '//a:a': PASSED }))).toEqual([]);
  });

  test('are at most ten a level, and the last one says how many more there are', () => {
    const many = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`//a:t${at}`, failed()]));
    const annotations = legAnnotations(legResult(many, { status: 'failed' }));
    expect(annotations).toHaveLength(10);
    expect(annotations[9]).toMatchObject({ level: 'error', title: '16 more', location: null });
    expect(annotations[9]?.message).toContain('//a:t24 failed');
    expect(limitAnnotations(annotations)).toEqual(annotations);
  });

  test('hold 4096 characters at most and no control character', () => {
    const broken: Outcome = {
      kind: 'failed to build',
      message: '\u001b[31mm'.repeat(5000),
      logs: [{ name: 'stderr', uri: '', tail: `${'y\u0007'.repeat(9000)}\nthe end` }],
    };
    const [annotation] = legAnnotations(legResult({ [EVIL]: broken }, { status: 'failed' }));
    expect(annotation?.message.length).toBeLessThanOrEqual(4096);
    expect(annotation?.message).toContain('the end');

    expect(`${annotation?.title ?? ''}${annotation?.message ?? ''}`).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f]/,
    );
  });
});
