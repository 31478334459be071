import type { Label, PackagePath } from '../../graph/label.js';
import type { Outline, Package } from '../../graph/package.js';
import type { Target, TestSize, TestTimeout, TestTraits } from '../../graph/target.js';
import { DamagedSnapshotError, isText, isTexts, listOf } from './stored-values.js';

const SIZES: readonly TestSize[] = ['small', 'medium', 'large', 'enormous'];
const TIMEOUTS: readonly TestTimeout[] = ['short', 'moderate', 'long', 'eternal'];

/** A package of a snapshot. It keeps the package's line of JSON, and parses it when its targets are needed. */
export class StoredPackage implements Package {
  private read: readonly Target[] | undefined;

  constructor(
    readonly path: PackagePath,
    readonly outline: Outline,
    readonly line: Buffer,
  ) {}

  /** @throws DamagedSnapshotError */
  targets(): readonly Target[] {
    this.read ??= new TargetReader(this.path).targetsOf(listOf(this.line));
    return this.read;
  }

  get isRead(): boolean {
    return this.read !== undefined;
  }

  isKnownToEqual(other: Package): boolean {
    return this === other || (other instanceof StoredPackage && this.line.equals(other.line));
  }
}

/** The line of a package. Equal packages give equal lines. */
export function lineOf(each: Package): Buffer {
  if (each instanceof StoredPackage) return each.line;
  // Most labels in a package are its own, so these are written without the package.
  const own = `//${each.path}:`;
  const short = (label: Label): string => (label.startsWith(own) ? label.slice(own.length - 1) : label);
  return Buffer.from(JSON.stringify(each.targets().map((target) => writeTarget(target, short))), 'utf8');
}

function writeTarget(target: Target, short: (label: Label) => string): readonly unknown[] {
  const label = short(target.label);
  if (target.kind === 'generated') return [target.kind, label, short(target.generatingRule)];
  const inputs = target.inputs.map(short);
  if (target.kind !== 'rule') return [target.kind, label, target.definition, inputs];
  const { definition, ruleClass, tags, buildSetting, toolchains, test, starlark, constraints, executable } =
    target;
  const common = [
    target.kind,
    label,
    definition,
    inputs,
    ruleClass,
    tags,
    buildSetting,
    toolchains.map(short),
  ];
  return [...common, writeTest(test), starlark, constraints.map(short), executable];
}

function writeTest(test: TestTraits | null): readonly unknown[] | null {
  return test === null ? null : [test.size, test.timeout];
}

/** Reads what `writeTarget` wrote. */
class TargetReader {
  private readonly own: string;

  constructor(path: PackagePath) {
    this.own = `//${path}`;
  }

  targetsOf(stored: readonly unknown[]): readonly Target[] {
    const targets = stored.map((target) => this.target(target));
    targets.forEach((target, index) => {
      if (index > 0 && (targets[index - 1]?.label ?? '') >= target.label)
        throw this.unlike('behind the target before it', target.label);
    });
    return targets;
  }

  private target(stored: unknown): Target {
    if (!Array.isArray(stored)) throw this.unlike('a target', stored);
    const [kind, name, ...rest] = stored as readonly unknown[];
    if (!isText(name) || !name.startsWith(':')) throw this.unlike('a target of the package', stored);
    const label = this.label(name);
    if (kind === 'generated') return { kind, label, generatingRule: this.label(rest[0]) };
    const [definition, inputs] = rest;
    if (!isText(definition) || !isTexts(inputs)) throw this.unlike('a target', stored);
    const common = { label, definition, inputs: inputs.map((input) => this.label(input)) };
    if (kind === 'source' || kind === 'package group' || kind === 'environment group')
      return { kind, ...common };
    const [, , ruleClass, tags, buildSetting, toolchains, test, starlark, constraints, executable] = rest;
    if (kind !== 'rule' || !isText(ruleClass) || !isTexts(tags) || typeof buildSetting !== 'boolean')
      throw this.unlike('a target', stored);
    if (typeof starlark !== 'boolean' || !isTexts(toolchains) || !isTexts(constraints))
      throw this.unlike('a rule', stored);
    if (typeof executable !== 'boolean') throw this.unlike('a rule', stored);
    return {
      kind,
      ...common,
      ruleClass,
      tags,
      buildSetting,
      executable,
      toolchains: toolchains.map((toolchain) => this.label(toolchain)),
      test: test === null ? null : this.test(test),
      starlark,
      constraints: constraints.map((constraint) => this.label(constraint)),
    };
  }

  private test(stored: unknown): TestTraits {
    const [size, timeout] = Array.isArray(stored) ? (stored as readonly unknown[]) : [];
    const traits = {
      size: SIZES.find((one) => one === size),
      timeout: TIMEOUTS.find((one) => one === timeout),
    };
    if (traits.size === undefined || traits.timeout === undefined)
      throw this.unlike('what a test asks for', stored);
    return { size: traits.size, timeout: traits.timeout };
  }

  /** Returns the label in its canonical form, with both `//` and `:`, because code that splits labels relies on it. */
  private label(stored: unknown): Label {
    if (!isText(stored)) throw this.unlike('a label', stored);
    if (stored.startsWith(':')) return (this.own + stored) as Label;
    const slashes = stored.startsWith('//') ? 0 : stored.startsWith('@') ? stored.indexOf('//') : -1;
    if (slashes < 0 || !stored.includes(':', slashes)) throw this.unlike('a label', stored);
    return stored as Label;
  }

  private unlike(expected: string, stored: unknown): DamagedSnapshotError {
    return new DamagedSnapshotError(`in ${this.own}, ${JSON.stringify(stored)} is not ${expected}`);
  }
}
