import { expect, test } from '@jest/globals';
import { parseLabel } from '../../src/graph/label.js';
import type { Outcome } from '../../src/leg/result/outcome.js';
import type { JudgedTarget } from '../../src/verdict/judged-leg.js';
import { releasesSection } from '../../src/verdict/releases-section.js';

const REPOSITORY = 'https://github.com/org/monorepo';
const DIGEST = `sha256:${'1'.repeat(64)}`;

function release(label: string, outcome: Outcome): JudgedTarget {
  return {
    label: parseLabel(label),
    mode: 'release',
    leg: label,
    outcome,
    standing: 'passed',
  } as JudgedTarget;
}

function section(targets: readonly JudgedTarget[], repositoryUrl: string | null = REPOSITORY): string {
  return releasesSection(targets, ({ leg }) => `${REPOSITORY}/job${leg}`, repositoryUrl).join('\n');
}

function image(name: string): { name: string; digest: string; kind: 'oci' } {
  return { name, digest: DIGEST, kind: 'oci' };
}

test('a release names what it published, and links its job', () => {
  const published = [image('registry/api'), image('registry/web')];
  const shown = section([release('//a:r', { kind: 'released', durationMs: 1, published })]);
  expect(shown).toContain('### Releases');
  expect(shown).toContain('<code>//a:r</code> | [✅ released](https://github.com/org/monorepo/job//a:r) | ');
  expect(shown).toContain(
    `<code>registry/api&#64;${DIGEST}</code><br><code>registry/web&#64;${DIGEST}</code>`,
  );
});

test('a release without a receipt tells nothing', () => {
  const shown = section([release('//a:r', { kind: 'released', durationMs: 1, published: [] })]);
  expect(shown).toMatch(/\/\/a:r.*released.*nothing that it told/);
});

test('a release that failed names what it had published', () => {
  const failed = { kind: 'failed to release', durationMs: 1, message: 'no', logs: [] } as const;
  const shown = section([
    release('//a:r', { ...failed, published: [image('registry/api')] }),
    release('//b:r', { ...failed, published: [] }),
  ]);
  expect(shown).toMatch(/\/\/a:r.*failed to release.*registry\/api/);
  expect(shown).toMatch(/\/\/b:r.*failed to release.*nothing that it told/);
});

test('a release that was left out says why, and links the run that made it', () => {
  const message = `Not released, because its content is what ${REPOSITORY}/actions/runs/41 released from the commit a1.`;
  const unchanged = release('//a:r', { kind: 'unchanged', message });
  const link = `[run 41](${REPOSITORY}/actions/runs/41)`;
  expect(section([unchanged])).toContain(
    `Not released, because its content is what ${link} released from the commit a1.`,
  );
  const superseded = `Not released: the newer run ${REPOSITORY}/actions/runs/410 has released it, not ${REPOSITORY}/actions/runs/41.`;
  expect(section([release('//a:r', { kind: 'superseded', message: superseded })])).toContain(
    `the newer run [run 410](${REPOSITORY}/actions/runs/410) has released it, not ${link}.`,
  );
});

test('only runs of the own repository are linked', () => {
  const message = `what https://evil.example/org/monorepo/actions/runs/41 and ${REPOSITORY}/actions/runs/x did`;
  const shown = section([release('//a:r', { kind: 'unchanged', message })]);
  expect(shown).not.toMatch(/evil\.example[^|]*\]\(|\(https:\/\/evil/);
  expect(shown).not.toContain('[run');
  const own = `what ${REPOSITORY}/actions/runs/41 did`;
  expect(section([release('//a:r', { kind: 'unchanged', message: own })], null)).not.toContain('[run');
});

test('without a release there is no section, and a long one is cut', () => {
  const built = { kind: 'built', logs: [] } as const;
  expect(section([release('//a:r', built)])).toBe('');
  expect(section([{ ...release('//a:r', built), mode: 'build' }])).toBe('');
  const many = Array.from({ length: 130 }, (_, at) =>
    release(`//a:r${at}`, { kind: 'released', durationMs: 1, published: [] }),
  );
  expect(section(many)).toContain('And 30 more.');
});
