import type { Label } from '../../graph/label.js';
import { fits, knownPartsOf, type KnownParts } from './open-texts.js';

/** Labels that code names, and patterns of such labels. */
export class NamedLabels {
  private readonly whole = new Set<Label>();
  private readonly patterns = new Map<string, KnownParts>();

  /** @param labels parts of a label may be `UNKNOWN` */
  static of(labels: Iterable<string>): NamedLabels {
    const made = new NamedLabels();
    for (const label of labels) {
      const parts = knownPartsOf(label);
      if (parts === null) made.whole.add(label as Label);
      else made.patterns.set(label, parts);
    }
    return made;
  }

  has(label: Label): boolean {
    if (this.whole.has(label)) return true;
    for (const parts of this.patterns.values()) if (fits(label, parts)) return true;
    return false;
  }

  with(other: NamedLabels): NamedLabels {
    const both = new NamedLabels();
    for (const { whole, patterns } of [this, other]) {
      for (const label of whole) both.whole.add(label);
      for (const [key, parts] of patterns) both.patterns.set(key, parts);
    }
    return both;
  }
}
