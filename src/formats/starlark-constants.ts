import { foldersAbove } from '../graph/folders.js';
import type { WorkspacePath } from '../graph/label.js';
import type { MainRepository } from '../graph/main-repository.js';
import { isAbsoluteLabel, printedLabel } from './printed-labels.js';
import { changedConstants } from './starlark-changes.js';
import { resolveLoad } from './starlark-loads.js';
import { StarlarkSyntaxError, statementsOf } from './starlark-parser.js';
import {
  anyOf,
  areKnown,
  either,
  fieldOf,
  formatted,
  joined,
  textsOf,
  valueOfMethod,
  type Constant,
} from './starlark-values.js';
import {
  expressionsIn,
  partsOfStatement,
  type Argument,
  type Expression,
  type Statement,
} from './starlark-syntax.js';

/** A .bzl file whose syntax was read. */
export interface StarlarkFile {
  readonly path: WorkspacePath;
  readonly statements: readonly Statement[];
  /** All expressions, outer ones first. */
  readonly expressions: readonly Expression[];
}

/** .bzl files of one revision, and the constants in them. */
export class StarlarkFiles {
  private readonly files = new Map<WorkspacePath, StarlarkFile | null>();
  private readonly scopes = new Map<StarlarkFile, FileVariables>();

  /** @param texts the texts of all .bzl files */
  constructor(
    private readonly texts: ReadonlyMap<WorkspacePath, string>,
    private readonly main: MainRepository,
  ) {}

  /** Null if there is no such file, or if its syntax cannot be read. */
  file(path: WorkspacePath): StarlarkFile | null {
    const known = this.files.get(path);
    if (known !== undefined) return known;
    const text = this.texts.get(path);
    const file = text === undefined ? null : parsed(path, text);
    this.files.set(path, file);
    return file;
  }

  /** The value of an expression in a file; null if it is unknown. It is unknown if it depends on a parameter. */
  valueOf(expression: Expression, file: StarlarkFile): Constant | null {
    return new Evaluation(this, file, []).valueOf(expression);
  }

  /** @internal */
  scopeOf(file: StarlarkFile): FileVariables {
    const known = this.scopes.get(file) ?? new FileVariables(file);
    this.scopes.set(file, known);
    return known;
  }

  /**
   * The file of the main repository that a `load` statement names; null if it is unknown. The package of the loading
   * file may be any folder above it.
   *
   * @internal
   */
  loadedBy(file: StarlarkFile, label: string): StarlarkFile | null {
    const found = [...foldersAbove(file.path)].flatMap((packagePath) => {
      const loaded = resolveLoad(label, packagePath, this.main);
      return loaded.kind === 'main' && this.texts.has(loaded.path) ? loaded.path : [];
    });
    const [path, ...others] = new Set(found);
    return path === undefined || others.length > 0 ? null : this.file(path);
  }
}

function parsed(path: WorkspacePath, text: string): StarlarkFile | null {
  try {
    const statements = statementsOf(text);
    const expressions = statements.flatMap((statement) =>
      partsOfStatement(statement).flatMap((part) => [...expressionsIn(part)]),
    );
    return { path, statements, expressions };
  } catch (error) {
    if (error instanceof StarlarkSyntaxError) return null;
    throw error;
  }
}

/** What the names in a file stand for, as far as each has only one meaning in the whole file. */
class FileVariables {
  /** Names that the top level binds once, with their expressions. */
  private readonly constants = new Map<string, Expression>();
  /** Names that `load` statements bind, each with the label of the file and the name in it. */
  private readonly loads = new Map<string, readonly [label: string, name: string]>();

  constructor({ statements, expressions }: StarlarkFile) {
    const ambiguous = new Set<string>();
    for (const statement of statements) {
      if (statement.kind === 'function') {
        for (const { name, value } of statement.parameters) {
          if (name === null || name.startsWith('*')) addNames(ambiguous, value);
          else ambiguous.add(name);
        }
      } else if (statement.kind === 'loop') addNames(ambiguous, statement.variable);
      else if (statement.kind === 'assignment') {
        const { target, operator, inFunction } = statement;
        const isConstant = target.kind === 'name' && operator === '=' && inFunction === null;
        if (isConstant && !this.constants.has(target.name)) this.constants.set(target.name, statement.value);
        else addNames(ambiguous, target);
      }
    }
    for (const expression of expressions) {
      if (expression.kind === 'lambda')
        for (const parameter of expression.parameters) addNames(ambiguous, parameter);
      else if (expression.kind === 'comprehension')
        for (const variable of expression.variables) addNames(ambiguous, variable);
      else if (expression.kind === 'call') this.addLoad(expression.callee, expression.arguments);
    }
    for (const name of [...ambiguous, ...changedConstants(statements, expressions, this.constants)]) {
      this.constants.delete(name);
      this.loads.delete(name);
    }
  }

  constant(name: string): Expression | undefined {
    return this.constants.get(name);
  }

  loaded(name: string): readonly [label: string, name: string] | undefined {
    return this.loads.get(name);
  }

  private addLoad(callee: Expression, [file, ...names]: readonly Argument[]): void {
    if (callee.kind !== 'name' || callee.name !== 'load' || file?.value.kind !== 'string') return;
    for (const { name, value } of names)
      if (value.kind === 'string') this.loads.set(name ?? value.value, [file.value.value, value.value]);
  }
}

/** Adds the names that an expression consists of. For the target of an assignment, these are the names that it binds. */
function addNames(names: Set<string>, expression: Expression): void {
  for (const part of expressionsIn(expression)) if (part.kind === 'name') names.add(part.name);
}

const PLAIN: Constant = { kind: 'plain' };

/** Evaluates expressions of one file. */
class Evaluation {
  /** @param pending the constants that are being evaluated, to end circles */
  constructor(
    private readonly files: StarlarkFiles,
    private readonly file: StarlarkFile,
    private readonly pending: readonly string[],
  ) {}

  valueOf(expression: Expression): Constant | null {
    switch (expression.kind) {
      case 'string':
        return { kind: 'text', value: expression.value };
      case 'number':
        return PLAIN;
      case 'name':
        return this.named(expression.name);
      case 'list':
        return this.list(expression.items);
      case 'dict':
        return this.record(
          expression.entries.map(({ key, value }) => [this.oneText(key), this.valueOf(value)]),
        );
      case 'conditional':
        return either([this.valueOf(expression.then), this.valueOf(expression.otherwise)]);
      case 'binary':
        return this.binary(
          expression.operator,
          this.valueOf(expression.left),
          this.valueOf(expression.right),
        );
      case 'attribute':
        return fieldOf(this.valueOf(expression.of), expression.name);
      case 'index':
        return this.index(this.valueOf(expression.of), expression.parts);
      case 'call':
        return this.call(expression.callee, expression.arguments);
      case 'comprehension':
      case 'lambda':
      case 'unary':
        return null;
    }
  }

  private named(name: string): Constant | null {
    if (['True', 'False', 'None'].includes(name)) return PLAIN;
    const scope = this.files.scopeOf(this.file);
    const key = `${this.file.path}:${name}`;
    if (this.pending.includes(key)) return null;
    const pending = [...this.pending, key];
    const constant = scope.constant(name);
    if (constant !== undefined) return new Evaluation(this.files, this.file, pending).valueOf(constant);
    const [label, original] = scope.loaded(name) ?? [];
    if (label === undefined || original === undefined) return null;
    const file = this.files.loadedBy(this.file, label);
    return file === null ? null : new Evaluation(this.files, file, pending).named(original);
  }

  private list(items: readonly Expression[]): Constant | null {
    const values = items.map((item) => this.valueOf(item));
    return areKnown(values) ? { kind: 'list', items: values } : null;
  }

  private record(entries: readonly (readonly [string | null, Constant | null])[]): Constant | null {
    const fields = new Map<string, Constant>();
    for (const [key, value] of entries) {
      if (key === null || value === null) return null;
      fields.set(key, value);
    }
    return { kind: 'record', fields };
  }

  private oneText(expression: Expression): string | null {
    const [text, ...others] = textsOf(this.valueOf(expression)) ?? [];
    return text === undefined || others.length > 0 ? null : text;
  }

  private binary(operator: string, left: Constant | null, right: Constant | null): Constant | null {
    if (left === null || right === null) return null;
    if (operator === '%') return formatted(left, right);
    if (operator !== '+') return null;
    if (left.kind === 'list' && right.kind === 'list')
      return { kind: 'list', items: [...left.items, ...right.items] };
    return joined([left, right]);
  }

  private index(of: Constant | null, parts: readonly Expression[]): Constant | null {
    const [key, ...others] = parts;
    if (of === null || key === undefined || others.length > 0) return null;
    if (of.kind === 'list') return either(of.items);
    const text = this.oneText(key);
    return text === null ? null : fieldOf(of, text);
  }

  private call(callee: Expression, given: readonly Argument[]): Constant | null {
    const values = given.map(({ name, value }) => ({ name, value: this.valueOf(value) }));
    if (callee.kind === 'name') {
      if (callee.name === 'struct') return this.record(values.map(({ name, value }) => [name, value]));
      const [only, ...others] = values;
      if (only === undefined || others.length > 0) return null;
      if (callee.name === 'str') return only.value;
      if (callee.name === 'Label') return this.absolute(only.value);
      return null;
    }
    return callee.kind === 'attribute' ? valueOfMethod(this.valueOf(callee.of), callee.name, values) : null;
  }

  /** A label without `//` is relative to the package of the file, which may be any folder above it. */
  private absolute(label: Constant | null): Constant | null {
    const texts = textsOf(label);
    if (texts === null) return null;
    return anyOf(
      texts.flatMap((text) =>
        (isAbsoluteLabel(text)
          ? [text]
          : [...foldersAbove(this.file.path)].map((folder) => `//${folder}:${text.replace(/^:/, '')}`)
        ).map(printedLabel),
      ),
    );
  }
}
