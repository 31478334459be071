import type { Graph } from '../../graph/graph.js';
import { isMainRepository, type Label, type WorkspacePath } from '../../graph/label.js';
import type { RuleTarget } from '../../graph/target.js';
import { addToGroup } from '../../text/grouped.js';
import { hasShape, type LabelShape } from '../everything/label-shapes.js';
import type { TransitionCode } from '../everything/transitions.js';
import { actualTargetsOf } from './actual-targets.js';

/**
 * The edges from label flags to the targets that transitions set them to. Bazel's query shows only the edge to a flag's
 * default.
 */
export class SetFlags {
  private readonly flagsOf = new Map<Label, Label[]>();
  private readonly shaped: { readonly shape: LabelShape; readonly flag: Label }[] = [];
  /** Flags that may be set to any label, each with the file whose transition does so. */
  readonly open = new Map<Label, WorkspacePath>();

  constructor(graph: Graph, { settings, unreadable }: TransitionCode) {
    for (const [setting, { by, values }] of settings) {
      for (const flag of labelFlagsAt(setting, graph)) {
        if (values === 'any label') this.open.set(flag, by);
        else {
          for (const value of values.labels) addToGroup(this.flagsOf, value, flag);
          for (const shape of values.shapes) this.shaped.push({ shape, flag });
        }
      }
    }
    const [file] = unreadable;
    if (file === undefined) return;
    for (const target of graph.targets())
      if (target.kind === 'rule' && isLabelFlag(target)) this.open.set(target.label, file);
  }

  /** The flags that may be set to a label. */
  usersOf(label: Label): readonly Label[] {
    const ofShape = this.shaped.filter(({ shape }) => hasShape(label, shape)).map(({ flag }) => flag);
    return [...(this.flagsOf.get(label) ?? []), ...ofShape, ...this.open.keys()].filter(
      (flag) => flag !== label,
    );
  }
}

/** The label flags that the label of a setting stands for. A flag may lie in a package that `//...` does not contain. */
function labelFlagsAt(setting: Label, graph: Graph): readonly Label[] {
  if (!isMainRepository(setting) || setting.startsWith('//command_line_option:')) return [];
  if (!graph.has(setting)) return [setting];
  return [...actualTargetsOf(setting, graph)].filter(isLabelFlag).map(({ label }) => label);
}

function isLabelFlag({ ruleClass }: RuleTarget): boolean {
  return ruleClass === 'label_flag' || ruleClass === 'label_setting';
}
