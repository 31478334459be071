import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { TemporaryFolder } from './support/temporary-folder.js';

const ROOT = dirname(import.meta.dirname);
const CRUISER = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

let temporary: TemporaryFolder;
let folder: string;

beforeEach(() => {
  temporary = new TemporaryFolder();
  folder = temporary.path;
  copyFileSync(join(ROOT, 'tsconfig.json'), join(folder, 'tsconfig.json'));
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
});

afterEach(() => {
  temporary.remove();
});

/** What the rules say of sources: path below src/ → text. */
function violations(files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, 'src', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const config = join(ROOT, '.dependency-cruiser.js');
  const { stdout, stderr, status } = spawnSync(process.execPath, [CRUISER, '--config', config, 'src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status === 0).toBe(stdout.includes('no dependency violations found'));
  return stdout;
}

test('an import of a type from a room below breaks no rule', () => {
  const said = violations({
    'graph/target.ts': 'export type Target = string;\n',
    'plan/plan.ts': "import type { Target } from '../graph/target.js';\nexport type Plan = Target[];\n",
  });
  expect(said).toContain('no dependency violations found');
});

describe('the rules find', () => {
  test('an import of a type from a room above', () => {
    const said = violations({
      'plan/plan.ts': 'export type Plan = string;\n',
      'graph/target.ts': "import type { Plan } from '../plan/plan.js';\nexport type Target = Plan;\n",
    });
    expect(said).toMatch(/error graph-imports-downwards: src\/graph\/target\.ts → .*src\/plan\/plan\.ts/);
  });

  test('a circle of types', () => {
    const said = violations({
      'graph/a.ts': "import type { B } from './b.js';\nexport type A = B[];\n",
      'graph/b.ts': "import type { A } from './a.js';\nexport type B = A[] | string;\n",
    });
    expect(said).toContain('error no-circle: src/graph/a.ts');
  });

  test('a rule that reaches an adapter', () => {
    const said = violations({
      'adapters/git.ts': 'export const git = 1;\n',
      'plan/affected/seeds.ts': "import { git } from '../../adapters/git.js';\nexport const seeds = git;\n",
    });
    expect(said).toContain('error rules-are-pure: src/plan/affected/seeds.ts');
  });

  test('a file outside of the rooms', () => {
    const said = violations({
      'text/words.ts': 'export const words = 1;\n',
      'tools/x.ts': "import { words } from '../text/words.js';\nexport const x = words;\n",
    });
    expect(said).toContain('error in-a-room: src/tools/x.ts');
  });

  test('a file outside of the rooms that imports nothing', () => {
    const said = violations({
      'tools/x.ts': 'export const x = 1;\n',
      'text/words.ts': "import { x } from '../tools/x.js';\nexport const words = x;\n",
    });
    expect(said).toContain('error from-a-room: src/text/words.ts');
  });

  test('a rule that reads the disk itself', () => {
    const said = violations({
      'graph/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
    });
    expect(said).toContain('error rules-are-pure: src/graph/a.ts');
  });

  test('a rule that reaches the disk by a step', () => {
    const said = violations({
      'loading/source/site.ts': 'export const site = 1;\n',
      'loading/inputs/x.ts': "import { site } from '../source/site.js';\nexport const x = site;\n",
    });
    expect(said).toContain('error rules-take-plain-values: src/loading/inputs/x.ts');
  });
});
