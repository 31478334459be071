import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bazel } from '../../../src/adapters/bazel/bazel.js';
import type { Label } from '../../../src/graph/label.js';
import type { Target } from '../../../src/graph/target.js';
import { readSettings } from '../../../src/loading/source/read-settings.js';
import { rule } from '../../support/builders.js';
import { canonical, mappingOf } from '../../support/externals.js';
import { writeFiles } from '../../support/files.js';
import { TemporaryFolder } from '../../support/temporary-folder.js';

const FLAGS = 'rules~';
const FLAG = 'string_flag(name = "mode", build_setting_default = "a")\n';

let temporary: TemporaryFolder;

beforeEach(() => {
  temporary = new TemporaryFolder();
});

afterEach(() => {
  temporary.remove();
});

let asked: readonly Label[] = [];

/** What is known of the settings of one repository if it has these files, and Bazel finds these targets in its packages. */
async function settings(
  files: Readonly<Record<string, string>>,
  targets: readonly Target[] = [],
): Promise<string | null | undefined> {
  writeFiles(
    temporary.path,
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`${FLAGS}/${path}`, text])),
  );
  asked = [];
  const bazel = {
    externalFolder: () => Promise.resolve(temporary.path),
    targetsMatching: (patterns: readonly Label[]) => {
      asked = patterns;
      return Promise.resolve(targets);
    },
  } as unknown as Bazel;
  const names = [FLAGS, 'lost~'].map(canonical);
  const found = await readSettings(bazel, names, mappingOf({ rules: FLAGS, lib: 'lib~' }));
  expect(found.has(canonical('lost~'))).toBe(false);
  return found.get(canonical(FLAGS));
}

const flag = (definition: string): Target => rule('@rules//flags:mode', { buildSetting: true, definition });

describe('the settings of a repository that was fetched', () => {
  test('are none if no BUILD file defines one, and then Bazel is not asked', async () => {
    expect(await settings({ BUILD: 'filegroup(name = "a")\n' })).toBe('');
    expect(asked).toEqual([]);
  });

  test('are asked for in the packages that may define some', async () => {
    await settings({ 'flags/BUILD': FLAG, 'other/BUILD': 'filegroup(name = "a")\n' }, [flag('same')]);
    expect(asked).toEqual(['@@rules~//flags:all-targets']);
  });

  test('differ if one is defined otherwise, depends on something else or is gone', async () => {
    const files = { 'flags/BUILD': FLAG };
    const same = await settings(files, [flag('same')]);
    expect(await settings(files, [flag('same')])).toBe(same);
    expect(await settings(files, [flag('other')])).not.toBe(same);
    const alias = (actual: string): Target =>
      rule('@rules//flags:mode', { ruleClass: 'alias', inputs: [actual] });
    expect(await settings(files, [alias('@lib//:a')])).not.toBe(await settings(files, [alias('@lib//:b')]));
    expect(await settings(files, [rule('@rules//flags:other')])).toBe('');
  });

  test.each(['platform', 'constraint_setting', 'alias'])(
    'are also those of the rule %s',
    async (ruleClass) => {
      const of = (definition: string): Target => rule('@rules//flags:mode', { ruleClass, definition });
      const files = { 'flags/BUILD': 'platform(name = "mode")\n' };
      expect(await settings(files, [of('same')])).not.toBe(await settings(files, [of('other')]));
    },
  );

  test('do not depend on other targets, nor on the text of BUILD files that load', async () => {
    const same = await settings({ 'flags/BUILD': FLAG }, [flag('same')]);
    const others = [flag('same'), rule('@rules//flags:tool', { definition: 'new' })];
    expect(await settings({ 'flags/BUILD': `# More.\n${FLAG}` }, others)).toBe(same);
  });

  test('are told by the text of a BUILD file that does not load', async () => {
    const same = await settings({ 'flags/BUILD': FLAG });
    expect(same).not.toBe('');
    expect(await settings({ 'flags/BUILD': FLAG.replace('"a"', '"b"') })).not.toBe(same);
  });

  test('are unknown if its files cannot be read', async () => {
    // A file where the folder of a repository should be.
    writeFiles(temporary.path, { [FLAGS]: '' });
    expect(await settings({})).toBeNull();
  });
});
