import { describe, expect, test } from '@jest/globals';
import { SetFlags } from '../../../src/plan/affected/set-flags.js';
import type { LabelShape } from '../../../src/plan/everything/label-shapes.js';
import type { SetSetting, TransitionCode } from '../../../src/plan/everything/transitions.js';
import { graph, label, labels, rule, workspacePath } from '../../support/builders.js';

const FLAG = rule('//f:lf', { ruleClass: 'label_flag', buildSetting: true });
const SETTING = rule('//f:ls', { ruleClass: 'label_setting', buildSetting: true });
const TONE = rule('//f:tone', { ruleClass: 'string_flag', buildSetting: true });
const ALIAS = rule('//f:alias', { ruleClass: 'alias', inputs: ['//f:lf'] });

function flags(
  settings: Readonly<Record<string, readonly string[] | 'any label'>>,
  unreadable: readonly string[] = [],
  shapes: readonly LabelShape[] = [],
): SetFlags {
  const set = Object.entries(settings).map(([setting, values]): [ReturnType<typeof label>, SetSetting] => [
    label(setting),
    {
      by: workspacePath('t.bzl'),
      values: values === 'any label' ? values : { labels: new Set(labels(...values)), shapes },
    },
  ]);
  const code: TransitionCode = { settings: new Map(set), unreadable: unreadable.map(workspacePath) };
  return new SetFlags(graph(FLAG, SETTING, TONE, ALIAS, rule('//x:d')), code);
}

describe('a label is used by', () => {
  test('the flags that are set to it, and by no others', () => {
    const set = flags({ '//f:lf': ['//x:d'], '//f:ls': ['//x:e'] });
    expect(set.usersOf(label('//x:d'))).toEqual(['//f:lf']);
    expect(set.usersOf(label('//x:other'))).toEqual([]);
  });

  test('a flag that is set by an alias of it', () => {
    expect(flags({ '//f:alias': ['//x:d'] }).usersOf(label('//x:d'))).toEqual(['//f:lf']);
  });

  test('a flag that no package shows', () => {
    expect(flags({ '//hidden:lf': ['//x:d'] }).usersOf(label('//x:d'))).toEqual(['//hidden:lf']);
  });

  test('a flag that may be set to any label, except that the flag does not use itself', () => {
    const set = flags({ '//f:lf': 'any label' });
    expect(set.usersOf(label('//x:other'))).toEqual(['//f:lf']);
    expect(set.usersOf(label('//f:lf'))).toEqual([]);
    expect([...set.open]).toEqual([['//f:lf', 't.bzl']]);
  });

  test('a flag that may be set to labels of its shape, and no note is needed', () => {
    const set = flags({ '//f:lf': ['//y:d'] }, [], [{ start: '//x/', end: ':d' }]);
    for (const used of ['//x/a:d', '//x/a/b:d', '//y:d'])
      expect(set.usersOf(label(used))).toEqual(['//f:lf']);
    for (const other of ['//x:d', '//x/a:e', '//z/x/a:d']) expect(set.usersOf(label(other))).toEqual([]);
    expect([...set.open]).toEqual([]);
  });

  test('a flag that is set to labels of a shape by the name of its alias', () => {
    const set = flags({ '//f:alias': [] }, [], [{ start: '//x/', end: ':d' }]);
    expect(set.usersOf(label('//x/a:d'))).toEqual(['//f:lf']);
  });

  test('no flag if its label is shorter than its shape, whose start and end would overlap', () => {
    const set = flags({ '//f:lf': [] }, [], [{ start: '//x:a_', end: '_b' }]);
    expect(set.usersOf(label('//x:a_b'))).toEqual([]);
    expect(set.usersOf(label('//x:a__b'))).toEqual(['//f:lf']);
  });

  test('no flag if it is the flag itself', () => {
    const set = flags({ '//f:lf': [] }, [], [{ start: '//f:', end: '' }]);
    expect(set.usersOf(label('//f:lf'))).toEqual([]);
    expect(set.usersOf(label('//f:ls'))).toEqual(['//f:lf']);
  });

  test('all label flags, if the code of a transition cannot be read', () => {
    expect(flags({}, ['u.bzl']).usersOf(label('//x:d'))).toEqual(['//f:lf', '//f:ls']);
  });
});

test.each(['//f:tone', '//command_line_option:custom_malloc', '@other//:lf'])(
  'the setting %s is no label flag of the workspace',
  (setting) => {
    expect(flags({ [setting]: 'any label' }).usersOf(label('//x:d'))).toEqual([]);
  },
);
