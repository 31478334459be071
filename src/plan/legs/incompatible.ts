import { packagesUsing, type Graph } from '../../graph/graph.js';
import { packageOf, type Label, type PackagePath } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';

/**
 * Finds targets that Bazel skips on every platform. See https://bazel.build/extending/platforms#skipping-incompatible-targets
 *
 * Only what is certain counts: what may be compatible on some platform gets a leg, and Bazel skips it there.
 */
export class Incompatible {
  private readonly known = new Map<Label, string | null>();
  private concerned: ReadonlySet<PackagePath> | undefined;

  constructor(private readonly graph: Graph) {}

  /** Why the rule is incompatible with every platform; null if it may be compatible with one. */
  why(rule: RuleTarget): string | null {
    this.concerned ??= this.packagesConcerned();
    if (!this.concerned.has(packageOf(rule.label))) return null;
    const reason = this.reasonOf(rule.label);
    return reason === null ? null : `incompatible with every platform: ${reason}`;
  }

  /**
   * The packages with rules that need what no platform has, and those that use them, directly or not. Their outlines tell
   * that, so the targets of the others are not read.
   */
  private packagesConcerned(): ReadonlySet<PackagePath> {
    const unmeetable = new Map<Label, boolean>();
    const isUnmeetable = (label: Label): boolean => {
      const found = unmeetable.get(label) ?? this.isUnmeetable(label);
      unmeetable.set(label, found);
      return found;
    };
    const concerned = new Set<PackagePath>();
    for (const { path, outline } of this.graph.packages())
      if (outline.constraints.some(isUnmeetable)) concerned.add(path);
    if (concerned.size === 0) return concerned;
    const users = packagesUsing(this.graph);
    for (const path of concerned) for (const user of users.get(path) ?? []) concerned.add(user);
    return concerned;
  }

  private reasonOf(label: Label): string | null {
    const known = this.known.get(label);
    if (known !== undefined) return known;
    // A circle of aliases does not load; it has no reason here.
    this.known.set(label, null);
    const target = this.graph.get(label);
    const reason =
      target?.kind === 'generated'
        ? this.reasonOf(target.generatingRule)
        : target?.kind === 'rule'
          ? this.reasonOfRule(target)
          : null;
    this.known.set(label, reason);
    return reason;
  }

  private reasonOfRule(rule: RuleTarget): string | null {
    const constraint = rule.constraints.find((label) => this.isUnmeetable(label));
    if (constraint !== undefined) return `${rule.label} needs ${constraint}`;
    if (!this.needsAllInputs(rule)) return null;
    for (const input of rule.inputs) {
      const reason = this.reasonOf(input);
      if (reason !== null) return reason;
    }
    return null;
  }

  /** Whether the label is the constraint that no platform has, or an alias that leads to it. */
  private isUnmeetable(label: Label): boolean {
    const followed = new Set<Label>();
    for (let at: Label | null = label; at !== null && !followed.has(at); at = this.onlyTargetOf(at)) {
      if (UNMEETABLE.test(at)) return true;
      followed.add(at);
    }
    return false;
  }

  /** The label that an alias leads to in every configuration; null if there is none. */
  private onlyTargetOf(label: Label): Label | null {
    const alias = this.graph.get(label);
    if (alias?.kind !== 'rule' || alias.ruleClass !== 'alias') return null;
    // With more inputs, a `select` may decide what the alias leads to.
    const [actual, ...others] = alias.inputs;
    return others.length === 0 ? (actual ?? null) : null;
  }

  /**
   * Whether Bazel is sure to build the inputs of a rule in every configuration. That is known for a few native rules, and
   * only if none of the inputs can be a condition of a `select`: the inputs of other rules may belong to aspects.
   */
  private needsAllInputs(rule: RuleTarget): boolean {
    return (
      !rule.starlark &&
      PLAIN_RULES.has(rule.ruleClass) &&
      !rule.inputs.some((input) => this.mayBeCondition(input, new Set()))
    );
  }

  private mayBeCondition(label: Label, followed: Set<Label>): boolean {
    if (PARTS_OF_TESTS.test(label)) return false;
    if (followed.has(label)) return false;
    followed.add(label);
    const target = this.graph.get(label);
    if (target === undefined) return true;
    if (target.kind !== 'rule') return false;
    if (target.ruleClass === 'alias')
      return target.inputs.some((input) => this.mayBeCondition(input, followed));
    return CONDITIONS.test(target.ruleClass) || target.buildSetting;
  }
}

/** `@platforms//:incompatible`, in the forms in which Bazel prints it. */
const UNMEETABLE = /^@@?platforms(?:[~+][\w.-]*)?\/\/:incompatible$/;

/** The inputs that every native test has. None of them is a condition. */
const PARTS_OF_TESTS = /^@@?bazel_tools\/\/tools\/(?:test|launcher):/;

/** Native rules whose inputs are all dependencies, except the conditions of a `select` and package groups. */
const PLAIN_RULES: ReadonlySet<string> = new Set([
  'alias',
  'filegroup',
  'genrule',
  'sh_binary',
  'sh_library',
  'sh_test',
]);

/** The classes of rules that can be a condition of a `select`. */
const CONDITIONS = /^(?:config_setting|constraint_value|label_flag|label_setting)$/;
