import type { Change, ChangeStatus, ShownChange } from '../../src/graph/change.js';
import type { CommitId, RepositoryPath } from '../../src/graph/tree.js';
import { Graph } from '../../src/graph/graph.js';
import { parseLabel, type Label, type WorkspacePath } from '../../src/graph/label.js';
import type {
  EnvironmentGroupTarget,
  GeneratedTarget,
  PackageGroupTarget,
  RuleTarget,
  SourceTarget,
  Target,
  TestSize,
} from '../../src/graph/target.js';
import type { AffectedTarget, Plan, PlanContext } from '../../src/plan/file/plan.js';

/** Plain values with everything that a test does not care about filled in. */

export function label(text: string): Label {
  return parseLabel(text);
}

export function labels(...texts: readonly string[]): Label[] {
  return texts.map(parseLabel);
}

type RuleParts = Partial<Omit<RuleTarget, 'kind' | 'label' | 'inputs' | 'toolchains' | 'constraints'>> & {
  readonly inputs?: readonly string[];
  readonly constraints?: readonly string[];
  readonly toolchains?: readonly string[];
};

export function rule(name: string, parts: RuleParts = {}): RuleTarget {
  return {
    kind: 'rule',
    label: label(name),
    ruleClass: 'library',
    definition: 'same',
    tags: [],
    test: null,
    buildSetting: false,
    executable: false,
    starlark: false,
    ...parts,
    inputs: labels(...(parts.inputs ?? [])),
    constraints: labels(...(parts.constraints ?? [])),
    toolchains: labels(...(parts.toolchains ?? [])),
  };
}

export function testRule(name: string, parts: RuleParts & { readonly size?: TestSize } = {}): RuleTarget {
  const { size = 'medium', ...rest } = parts;
  return rule(name, {
    ruleClass: 'sh_test',
    test: { size, timeout: 'eternal' },
    ...rest,
  });
}

export function source(name: string, definition = 'same', inputs: readonly string[] = []): SourceTarget {
  return { kind: 'source', label: label(name), definition, inputs: labels(...inputs) };
}

export function generated(name: string, by: string): GeneratedTarget {
  return { kind: 'generated', label: label(name), generatingRule: label(by) };
}

export function packageGroup(
  name: string,
  definition = 'same',
  inputs: readonly string[] = [],
): PackageGroupTarget {
  return { kind: 'package group', label: label(name), definition, inputs: labels(...inputs) };
}

export function environmentGroup(
  name: string,
  definition = 'same',
  inputs: readonly string[] = [],
): EnvironmentGroupTarget {
  return { kind: 'environment group', label: label(name), definition, inputs: labels(...inputs) };
}

export function graph(...targets: readonly Target[]): Graph {
  return Graph.of(targets);
}

const MODES: Readonly<Record<ChangeStatus, readonly [before: string, after: string]>> = {
  added: ['000000', '100644'],
  modified: ['100644', '100644'],
  deleted: ['100644', '000000'],
  'type changed': ['100644', '120000'],
};

/** A change with the modes that go with its status. */
export function change(
  path: string,
  status: ChangeStatus = 'modified',
  modes: Partial<Pick<Change, 'modeBefore' | 'modeAfter'>> = {},
): ShownChange {
  const [modeBefore, modeAfter] = MODES[status];
  return {
    path: path as WorkspacePath,
    origin: path as RepositoryPath,
    status,
    modeBefore,
    modeAfter,
    ...modes,
  };
}

export function workspacePath(path: string): WorkspacePath {
  return path as WorkspacePath;
}

export function repositoryPath(path: string): RepositoryPath {
  return path as RepositoryPath;
}

/** A commit's id made of one hexadecimal digit. */
export function commitId(digit: string): CommitId {
  return digit.repeat(40) as CommitId;
}

export function affectedTarget(
  name: string,
  reason: Partial<AffectedTarget['reason']> = {},
  parts: Partial<AffectedTarget> = {},
): AffectedTarget {
  return {
    label: label(name),
    type: 'rule',
    ruleClass: 'sh_test',
    tags: [],
    reason: { kind: 'definition', change: null, path: [label(name)], ...reason },
    ...parts,
  };
}

export function plan(parts: Partial<Plan> = {}): Plan {
  return {
    base: { commit: commitId('a') },
    baseFrom: 'event',
    head: { commit: commitId('b'), workingTree: false },
    everything: null,
    nothingToDo: null,
    changes: [],
    affected: [],
    always: [],
    test: [],
    build: [],
    release: [],
    excluded: [],
    problems: [],
    legs: [],
    timings: { steps: {}, graphs: {} },
    ...parts,
  };
}

export function planContext(parts: Partial<PlanContext> = {}): PlanContext {
  return {
    mode: 'build',
    whyBase: 'the input base',
    targetCount: 10,
    ignored: [],
    testedBy: [],
    notices: [],
    waits: new Map(),
    ...parts,
  };
}
