import { createHash } from 'node:crypto';
import protobuf from 'protobufjs';
import { parseLabel, type Label } from '../graph/label.js';
import type { RuleTarget, Target, TestSize, TestTimeout, TestTraits } from '../graph/target.js';
import { decodedOnce } from './twice-encoded.js';

/**
 * The part of Bazel's query output that a graph is built from, with the field numbers of
 * https://github.com/bazelbuild/bazel/blob/master/src/main/protobuf/build.proto
 */
const BUILD_PROTO = `
  syntax = "proto2";
  package blaze_query;
  message Attribute {
    required string name = 1;
    optional string string_value = 5;
    repeated string string_list_value = 6;
    optional SelectorList selector_list = 21;
  }
  message SelectorEntry {
    optional string label = 1;
    optional string string_value = 3;
    repeated string string_list_value = 6;
  }
  message Selector {
    repeated SelectorEntry entries = 1;
    optional bool has_default_value = 2;
  }
  message SelectorList {
    repeated Selector elements = 2;
  }
  message Rule {
    required string name = 1;
    required string rule_class = 2;
    repeated Attribute attribute = 4;
    repeated string rule_input = 5;
    repeated string default_setting = 7;
  }
  message SourceFile {
    required string name = 1;
    repeated string package_group = 4;
    repeated string visibility_label = 5;
  }
  message GeneratedFile {
    required string name = 1;
    required string generating_rule = 2;
  }
  message PackageGroup {
    required string name = 1;
    repeated string contained_package = 2;
    repeated string included_package_group = 3;
  }
  message EnvironmentGroup {
    required string name = 1;
    repeated string environment = 2;
    repeated string default = 3;
  }
  message Target {
    required int32 type = 1;
    optional Rule rule = 2;
    optional SourceFile source_file = 3;
    optional GeneratedFile generated_file = 4;
    optional PackageGroup package_group = 5;
    optional EnvironmentGroup environment_group = 6;
  }
`;

interface ValueMessage {
  readonly stringValue?: string;
  readonly stringListValue: readonly string[];
}

interface AttributeMessage extends ValueMessage {
  readonly name: string;
  /** The parts that `+` joins, if at least one of them is a `select`. */
  readonly selectorList?: { readonly elements: readonly SelectorMessage[] } | null;
}

/** The branches of a `select`. A part that is not a `select` has only the default branch. */
interface SelectorMessage {
  readonly entries: readonly ValueMessage[];
  readonly hasDefaultValue: boolean;
}

interface TargetMessage {
  readonly rule?: {
    name: string;
    ruleClass: string;
    attribute: AttributeMessage[];
    ruleInput: string[];
    /**
     * The features that the package gives its rules. Only the target of a BUILD file that is called BUILD contains
     * them.
     */
    defaultSetting: string[];
  } | null;
  readonly sourceFile?: {
    name: string;
    packageGroup: string[];
    visibilityLabel: string[];
  } | null;
  readonly generatedFile?: { name: string; generatingRule: string } | null;
  readonly packageGroup?: { name: string; containedPackage: string[]; includedPackageGroup: string[] } | null;
  readonly environmentGroup?: { name: string; environment: string[]; default: string[] } | null;
}

const targetType = protobuf.parse(BUILD_PROTO).root.lookupType('blaze_query.Target');

/** The attributes that a query must print for `decodeTarget`, in addition to the digests. */
export const PRINTED_ATTRIBUTES = [
  'tags',
  'size',
  'timeout',
  'visibility',
  'target_compatible_with',
  'toolchain',
  'build_setting_default',
  '$is_executable',
  '$internal_attr_hash',
  '$rule_implementation_hash',
] as const;

/** Bazel's output does not have the format of our queries. */
export class QueryOutputError extends Error {
  override name = 'QueryOutputError';
}

/**
 * Reads one `blaze_query.Target` message; null if this program does not know the target's kind.
 *
 * @throws QueryOutputError if the message is damaged, or a rule has no attribute digest
 */
export function decodeTarget(bytes: Uint8Array): Target | null {
  let message: TargetMessage;
  try {
    message = targetType.decode(bytes) as unknown as TargetMessage;
  } catch (error) {
    throw new QueryOutputError(`Bazel printed a target that cannot be decoded: ${String(error)}`);
  }
  if (message.rule) return decodeRule(message.rule);
  if (message.sourceFile) {
    const source = message.sourceFile;
    return {
      kind: 'source',
      label: readLabel(source.name),
      definition: digest([...source.visibilityLabel].sort()),
      inputs: source.packageGroup.map(readLabel),
    };
  }
  if (message.generatedFile) {
    const file = message.generatedFile;
    return { kind: 'generated', label: readLabel(file.name), generatingRule: readLabel(file.generatingRule) };
  }
  if (message.packageGroup) {
    const group = message.packageGroup;
    return {
      kind: 'package group',
      label: readLabel(group.name),
      definition: digest([...group.containedPackage].sort(), [...group.includedPackageGroup].sort()),
      inputs: group.includedPackageGroup.map(readLabel),
    };
  }
  if (message.environmentGroup) {
    const group = message.environmentGroup;
    return {
      kind: 'environment group',
      label: readLabel(group.name),
      definition: digest([...group.default].sort()),
      inputs: group.environment.map(readLabel),
    };
  }
  return null;
}

function decodeRule(rule: NonNullable<TargetMessage['rule']>): RuleTarget {
  const attributes = new Map(rule.attribute.map((attribute) => [attribute.name, attribute]));
  const text = (name: string): string => attributes.get(name)?.stringValue ?? '';
  const attributeHash = text('$internal_attr_hash');
  if (attributeHash === '') {
    throw new QueryOutputError(
      `Bazel printed no attribute digest for ${rule.name}, so changes of rules cannot be detected: use Bazel 6 or later`,
    );
  }
  return {
    kind: 'rule',
    label: readLabel(rule.name),
    ruleClass: rule.ruleClass,
    definition: digest(
      [rule.ruleClass, attributeHash, text('$rule_implementation_hash')],
      [...rule.defaultSetting],
    ),
    tags: [...(attributes.get('tags')?.stringListValue ?? [])].map(decodedOnce),
    inputs: [
      ...new Set([...rule.ruleInput.map(readLabel), ...visibilityGroups(attributes.get('visibility'))]),
    ],
    test: rule.ruleClass.endsWith('_test') ? testTraits(text('size'), text('timeout')) : null,
    toolchains:
      rule.ruleClass === 'toolchain' ? possibleTexts(attributes.get('toolchain')).map(readLabel) : [],
    buildSetting: attributes.has('build_setting_default'),
    // Rules that make no program do not have this attribute at all.
    executable: attributes.has('$is_executable'),
    starlark: text('$rule_implementation_hash') !== '',
    constraints: certainTexts(attributes.get('target_compatible_with')).map(readLabel),
  };
}

/** The texts that an attribute may have, in any configuration, without duplicates. */
function possibleTexts(attribute: AttributeMessage | undefined): string[] {
  const branches = attribute?.selectorList?.elements.flatMap((element) => element.entries) ?? [];
  const texts = [attribute, ...branches].flatMap((value) => value?.stringValue ?? []);
  return [...new Set(texts)].filter((text) => text !== '');
}

/**
 * The members that a list has in every configuration, without duplicates. There are none if a configuration may match no
 * branch of a `select`, because it is an error then.
 */
function certainTexts(attribute: AttributeMessage | undefined): string[] {
  if (attribute === undefined) return [];
  const parts = attribute.selectorList?.elements ?? [];
  if (!parts.every((part) => part.hasDefaultValue)) return [];
  const ofParts = parts.flatMap(({ entries: [first, ...others] }) =>
    (first?.stringListValue ?? []).filter((text) =>
      others.every((branch) => branch.stringListValue.includes(text)),
    ),
  );
  return [...new Set([...attribute.stringListValue, ...ofParts])];
}

/**
 * For Bazel, the package groups of a visibility are not inputs of the rule. They are inputs here, because a change of
 * one can break targets that depend on the rule.
 */
function visibilityGroups(visibility: AttributeMessage | undefined): Label[] {
  return (visibility?.stringListValue ?? [])
    .map(readLabel)
    .filter((label) => !/^\/\/visibility:|:__(pkg|subpackages)__$/.test(label));
}

function testTraits(size: string, timeout: string): TestTraits {
  return {
    size: isOneOf(size, ['small', 'medium', 'large', 'enormous']) ? size : 'medium',
    timeout: isOneOf(timeout, ['short', 'moderate', 'long', 'eternal']) ? timeout : 'moderate',
  };
}

function isOneOf<Word extends TestSize | TestTimeout>(text: string, words: readonly Word[]): text is Word {
  return (words as readonly string[]).includes(text);
}

function readLabel(text: string): Label {
  return parseLabel(decodedOnce(text));
}

function digest(...lists: readonly (readonly string[])[]): string {
  return createHash('sha256').update(JSON.stringify(lists)).digest('base64');
}
