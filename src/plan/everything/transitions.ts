import type { StarlarkFile, StarlarkFiles } from '../../formats/starlark-constants.js';
import {
  expressionsIn,
  type Argument,
  type Expression,
  type Statement,
} from '../../formats/starlark-syntax.js';
import { openTextsOf } from '../../formats/starlark-open-texts.js';
import { textsIn } from '../../formats/starlark-values.js';
import { makeLabel, parseLabel, type Label, type WorkspacePath } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';
import { labelsOfText } from './code-labels.js';
import { shapeOf, type LabelShape } from './label-shapes.js';

/** A setting of the build that the code of transitions sets. */
export interface SetSetting {
  /** The file with such code. If some of it computes labels, it is a file with that. */
  readonly by: WorkspacePath;
  /** The labels that it may be set to. Values that are no labels, such as numbers, are left out. */
  readonly values: SetValues;
}

export type SetValues = SomeLabels | 'any label';

export interface SomeLabels {
  readonly labels: ReadonlySet<Label>;
  /** The labels that the code puts together and that are not known entirely. */
  readonly shapes: readonly LabelShape[];
}

/** The labels that a setting may be set to; null if some of them are not known entirely. */
export function knownLabels(values: SetValues): ReadonlySet<Label> | null {
  return values === 'any label' || values.shapes.length > 0 ? null : values.labels;
}

/** What the transitions of a workspace set. */
export interface TransitionCode {
  /** By the label of the setting: of the main repository, of another one, or `//command_line_option:…`. */
  readonly settings: ReadonlyMap<Label, SetSetting>;
  /** Files whose transitions may set any setting to any label, because their code cannot be read. */
  readonly unreadable: readonly WorkspacePath[];
}

/**
 * Finds what transitions set. A transition declares its settings (https://bazel.build/extending/config#user-defined-transitions),
 * and its function returns their values. A value that depends on a parameter, on an attribute or on a loop may be any
 * label; if it is only a part of a label that the function puts together, any label of that shape.
 *
 * @param paths the files that make transitions
 */
export function transitionCode(
  paths: readonly WorkspacePath[],
  files: StarlarkFiles,
  main: MainRepository,
): TransitionCode {
  const settings = new Map<Label, SetSetting>();
  const unreadable: WorkspacePath[] = [];
  for (const path of paths) {
    const file = files.file(path);
    const found = file === null ? null : new TransitionReader(file, files, main).settings();
    if (found === null) unreadable.push(path);
    for (const [label, values] of found ?? []) {
      const known = settings.get(label);
      const isBlamed = known !== undefined && rankOf(known.values) > rankOf(values);
      settings.set(label, {
        by: isBlamed ? known.by : path,
        values: joinedValues(known?.values ?? NO_LABELS, values),
      });
    }
  }
  return { settings, unreadable };
}

/** The more labels a setting may be set to, the higher. */
function rankOf(values: SetValues): number {
  if (values === 'any label') return 2;
  return values.shapes.length > 0 ? 1 : 0;
}

const NO_LABELS: SomeLabels = { labels: new Set(), shapes: [] };

function joinedValues(one: SetValues, other: SetValues): SetValues {
  if (one === 'any label' || other === 'any label') return 'any label';
  return { labels: new Set([...one.labels, ...other.labels]), shapes: [...one.shapes, ...other.shapes] };
}

/** Methods of https://github.com/fmeum/with_cfg.bzl that set a setting. */
const SETTERS = new Set(['set', 'extend']);

/** What decides about the meaning of the values that the code of a transition returns. */
interface Scope {
  /** The name of the parameter with the settings before the transition; null if there is none, or if it is bound anew. */
  readonly before: string | null;
  /** The settings that the transition declares; null if the code declares none. */
  readonly declared: ReadonlySet<Label> | null;
}

const DECLARES_NOTHING: Scope = { before: null, declared: null };

/** Reads one file that makes transitions. */
class TransitionReader {
  constructor(
    private readonly file: StarlarkFile,
    private readonly files: StarlarkFiles,
    private readonly main: MainRepository,
  ) {}

  /** What the file's transitions set; null if one of them may set any setting. */
  settings(): readonly (readonly [Label, SetValues])[] | null {
    const found = this.file.expressions.map((expression) => this.settingsOf(expression));
    if (this.hasOtherUses() || found.some((each) => each === null)) return null;
    return found.flatMap((each) => each ?? []);
  }

  /** Whether a maker of transitions is used in another way than being called, for example under another name. */
  private hasOtherUses(): boolean {
    const { expressions } = this.file;
    return ['transition', 'analysis_test_transition'].some((name) => {
      const uses = expressions.filter((each) => isNamed(each, name));
      const calls = expressions.filter((each) => each.kind === 'call' && isNamed(each.callee, name));
      const loads = expressions.filter((each) => each.kind === 'string' && each.value === name);
      return uses.length !== calls.length || loads.length > 0;
    });
  }

  private settingsOf(expression: Expression): readonly (readonly [Label, SetValues])[] | null {
    if (expression.kind !== 'call') return [];
    const { callee, arguments: given } = expression;
    if (isNamed(callee, 'transition')) return this.ofTransition(given);
    const name = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
    // Tests of the analysis hand settings on under this name, through whatever function.
    const settings = argumentOf(given, name === 'analysis_test_transition' ? 'settings' : 'config_settings');
    if (settings !== undefined) return this.ofReturned(settings, DECLARES_NOTHING);
    const isSetter = callee.kind === 'attribute' && SETTERS.has(name) && this.makesWithCfg();
    if (!isSetter) return [];
    const [key, value] = given;
    return key === undefined || value === undefined ? null : this.ofEntry(key.value, value.value);
  }

  private makesWithCfg(): boolean {
    return this.file.expressions.some(
      (expression) =>
        isNamed(expression, 'with_cfg') || (expression.kind === 'string' && expression.value === 'with_cfg'),
    );
  }

  private ofTransition(given: readonly Argument[]): readonly (readonly [Label, SetValues])[] | null {
    const outputs = argumentOf(given, 'outputs');
    const declared = outputs === undefined ? null : textsIn(this.files.valueOf(outputs, this.file));
    if (declared === null) return null;
    const settings = declared.flatMap((text) => this.settingsNamed(text));
    const returned = this.returnedBy(argumentOf(given, 'implementation'), new Set(settings));
    return settings.map((label) => [label, returned?.get(label) ?? 'any label'] as const);
  }

  /** What the implementation of a transition sets its settings to; null if that is unknown. */
  private returnedBy(
    implementation: Expression | undefined,
    declared: ReadonlySet<Label>,
  ): ReadonlyMap<Label, SetValues> | null {
    if (implementation?.kind === 'lambda')
      return this.merged([implementation.body], { before: null, declared });
    if (implementation?.kind !== 'name' || this.isVariable(implementation.name)) return null;
    const { name } = implementation;
    const body = this.file.statements.filter((statement) => statement.inFunction === name);
    const header = body.find((statement) => statement.kind === 'function' && statement.name === name);
    if (header?.kind !== 'function') return null;
    // A function inside of this one has `return` statements of its own.
    if (body.filter((statement) => statement.kind === 'function').length > 1) return null;
    const [settings] = header.parameters;
    const first = settings?.value.kind === 'name' ? settings.value.name : null;
    const before = first === null || isBoundIn(body, first) ? null : first;
    const values = body.flatMap((statement) =>
      statement.kind === 'return' && statement.value !== null ? [statement.value] : [],
    );
    return this.merged(values, { before, declared });
  }

  /** Whether a name may stand for something else than the function of the top level, such as a parameter. */
  private isVariable(name: string): boolean {
    const { statements, expressions } = this.file;
    const isParameter = statements.some(
      (statement) =>
        statement.kind === 'function' &&
        statement.parameters.some((each) => each.name === name || isNamed(each.value, name)),
    );
    const isOfLambda = expressions.some(
      (each) =>
        each.kind === 'lambda' &&
        each.parameters.some((parameter) =>
          [...expressionsIn(parameter)].some((part) => isNamed(part, name)),
        ),
    );
    return isParameter || isOfLambda || isBoundIn(statements, name);
  }

  private merged(returned: readonly Expression[], scope: Scope): ReadonlyMap<Label, SetValues> | null {
    const all = new Map<Label, SetValues>();
    for (const value of returned) {
      const settings = this.ofReturned(value, scope);
      if (settings === null) return null;
      for (const [label, values] of settings) {
        all.set(label, joinedValues(all.get(label) ?? NO_LABELS, values));
      }
    }
    return all;
  }

  /**
   * The settings in what a transition returns: a dict of settings, or several dicts (in a list, or in a dict) if it
   * splits the configuration.
   *
   * @returns null if it is unknown which settings it contains
   */
  private ofReturned(value: Expression, scope: Scope): readonly (readonly [Label, SetValues])[] | null {
    if (value.kind === 'conditional')
      return flattened([this.ofReturned(value.then, scope), this.ofReturned(value.otherwise, scope)]);
    if (value.kind === 'list') return flattened(value.items.map((item) => this.ofReturned(item, scope)));
    if (value.kind === 'dict') {
      // No setting is a dict, so such a value is one of several configurations, and so are the other values.
      const isSplit = value.entries.some((entry) => entry.value.kind === 'dict');
      return flattened(
        value.entries.map(({ key, value: set }) =>
          isSplit ? this.ofReturned(set, scope) : this.ofEntry(key, set, scope),
        ),
      );
    }
    const isUnchanged = value.kind === 'name' && (value.name === scope.before || value.name === 'None');
    return isUnchanged ? [] : null;
  }

  private ofEntry(
    key: Expression,
    value: Expression,
    { before, declared }: Scope = DECLARES_NOTHING,
  ): readonly (readonly [Label, SetValues])[] | null {
    const settings = textsIn(this.files.valueOf(key, this.file));
    if (settings === null) return null;
    const isUnchanged = settings.every((setting) => isValueBefore(value, before, setting));
    const values = isUnchanged ? NO_LABELS : this.valuesOf(value);
    const labels = settings.map((text) => this.settingsNamed(text));
    // A key that is no setting is the name of one of several configurations, and the value holds the settings.
    if (declared !== null && !labels.every((each) => each.some((label) => declared.has(label)))) return null;
    return labels.flat().map((label) => [label, values] as const);
  }

  private valuesOf(value: Expression): SetValues {
    const texts = textsIn(this.files.valueOf(value, this.file));
    if (texts !== null) return { labels: new Set(texts.flatMap((text) => this.labelsOf(text))), shapes: [] };
    const open = openTextsOf(value, (part) => this.files.valueOf(part, this.file)) ?? [];
    if (open.length === 0) return 'any label';
    return open
      .map((text): SetValues => {
        if (text.kind === 'whole') return { labels: new Set(this.labelsOf(text.text)), shapes: [] };
        const shape = shapeOf(text, this.main);
        return shape === 'any label' ? shape : { labels: new Set(), shapes: [shape] };
      })
      .reduce(joinedValues);
  }

  /** The settings that a text may mean, in the main repository or in another one. */
  private settingsNamed(text: string): Label[] {
    const isExternal = /^@.*\/\//s.test(text) && this.main.label(text) === null;
    if (isExternal) return [parseLabel(text)];
    // with_cfg takes the bare name of an option of Bazel.
    const option = /^\w+$/.test(text) ? [makeLabel('command_line_option', text)] : [];
    return [...option, ...this.labelsOf(text)];
  }

  private labelsOf(text: string): Label[] {
    return labelsOfText(this.file.path, text, this.main);
  }
}

function argumentOf(given: readonly Argument[], name: string): Expression | undefined {
  return given.find((argument) => argument.name === name)?.value;
}

/** Whether statements bind a name by an assignment or a loop. */
function isBoundIn(statements: readonly Statement[], name: string): boolean {
  return statements.some((statement) => {
    const bound =
      statement.kind === 'assignment'
        ? statement.target
        : statement.kind === 'loop'
          ? statement.variable
          : null;
    return bound !== null && [...expressionsIn(bound)].some((part) => isNamed(part, name));
  });
}

function isNamed(expression: Expression, name: string): boolean {
  return expression.kind === 'name' && expression.name === name;
}

/** Whether a value is that of the same setting before the transition: `settings["//a:b"]`. */
function isValueBefore(value: Expression, before: string | null, setting: string): boolean {
  if (value.kind !== 'index' || before === null || !isNamed(value.of, before)) return false;
  return value.parts.every((part) => part.kind === 'string' && part.value === setting);
}

function flattened<Value>(parts: readonly (readonly Value[] | null)[]): readonly Value[] | null {
  const all: Value[] = [];
  for (const part of parts) {
    if (part === null) return null;
    all.push(...part);
  }
  return all;
}

/** Options of Bazel that transitions can set and whose values are not labels. */
const OPTIONS_WITHOUT_LABELS =
  /^\/\/command_line_option:(compilation_mode|(host_)?(cpu|compiler|features|platform_suffix)|(host_|per_file_|host_per_file_|objc|swift|java)?(c|cxx|conly|link)?opts?|(host_)?javacopt|(tool_)?java_(language|runtime)_version|define|stamp|strip|dynamic_mode|fission|force_pic|collect_code_coverage|instrument_test_targets|(host_)?(action|test)_env|test_(arg|timeout|sharding_strategy|filter|runner_fail_fast)|apple_platform_type|(ios|macos|tvos|watchos|visionos)_(cpus|multi_cpus|minimum_os|sdk_version)|(host_)?macos_minimum_os|apple_generate_dsym|apple_split_cpu|fat_apk_cpu|android_.*_mode|lto\w*|save_temps|use_\w+|enable_\w+|(?!experimental_action_listener)(experimental|incompatible)_\w+|is_tool\w*|python_version|build_python_zip|build_runfile_\w+|check_visibility|run_validations|cs_fdo_instrument|fdo_instrument|propeller_optimize_absolute_\w+|interface_shared_objects|process_headers_in_dependencies|legacy_whole_archive|trim_test_configuration|modify_execution_info|enforce_constraints|catch_exceptions|output_directory_naming_scheme|affected_by_starlark_transition)$/;

/**
 * Options whose labels Bazel resolves to platforms and toolchains. If one of these changes, everything is affected,
 * whoever names it.
 */
const OPTIONS_OF_RESOLUTION =
  /^\/\/command_line_option:((host_|apple_|android_)?platforms?|extra_(toolchains|execution_platforms))$/;

/** Whether a setting is an option of Bazel that can lead to a target that nothing else shows. */
export function isOptionWithLabels(setting: Label): boolean {
  return (
    setting.startsWith('//command_line_option:') &&
    !OPTIONS_WITHOUT_LABELS.test(setting) &&
    !OPTIONS_OF_RESOLUTION.test(setting)
  );
}
