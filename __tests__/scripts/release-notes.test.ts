import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { releaseNotes } from '../../scripts/release-notes.mjs';

const ROOT = dirname(dirname(import.meta.dirname));

const READY: Readonly<Record<string, string>> = {
  'package.json': '{"version": "1.2.0"}',
  'package-lock.json': '{"version": "1.2.0"}',
  'src/entry/version.ts': "export const VERSION = '1.2.0';\n",
  'CHANGELOG.md':
    '# Changelog\n\n## [1.2.0] - 2026-05-04\n\n### Added\n\n- A thing.\n\n## [1.1.0] - 2026-03-01\n\n- Another.\n',
};

function notes(version: string, changed: Readonly<Record<string, string>> = {}): string {
  return releaseNotes(version, (path) => ({ ...READY, ...changed })[path] ?? '');
}

test('the notes of a release are the section of its version', () => {
  expect(notes('1.2.0')).toBe('### Added\n\n- A thing.\n');
});

test.each([
  [
    'package.json has another version',
    { 'package.json': '{"version": "1.1.0"}' },
    'package.json has the version 1.1.0',
  ],
  [
    'package-lock.json has another version',
    { 'package-lock.json': '{"version": "1.1.0"}' },
    'package-lock.json has the version 1.1.0',
  ],
  [
    'the sources have another version',
    { 'src/entry/version.ts': "VERSION = '1.1.0'" },
    'version.ts has another version',
  ],
  [
    'the changelog has no section',
    { 'CHANGELOG.md': '# Changelog\n' },
    'CHANGELOG.md has no section [1.2.0]',
  ],
  [
    'the section has no date',
    { 'CHANGELOG.md': '## [1.2.0] - unreleased\n' },
    'no date in the heading of [1.2.0]',
  ],
])('nothing is released where %s', (_, changed, message) => {
  expect(() => notes('1.2.0', changed as Readonly<Record<string, string>>)).toThrow(message);
});

test.each(['', 'v1.2.0', '1.2', '1.2.0; rm -rf /'])('%j is not a version', (version) => {
  expect(() => notes(version)).toThrow('is not a version such as 1.0.0');
});

test('the files of this repository name the same version, released or not', () => {
  const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const dated = (path: string) =>
    path === 'CHANGELOG.md' ? read(path).replace(/^(## \[.*?\] - )unreleased$/m, '$12026-01-01') : read(path);
  expect(releaseNotes(version, dated)).toMatch(/^### Added$/m);
});
