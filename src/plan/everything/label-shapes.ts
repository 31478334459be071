import { printedEnds, type Ends } from '../../formats/printed-labels.js';
import type { MainRepository } from '../../graph/main-repository.js';
import type { Label } from '../../graph/label.js';

/** Labels of the main repository of which only the start and the end are known. */
export type LabelShape = Ends;

/**
 * The labels of the main repository that a text with an unknown part may mean. A label of another repository may be an
 * alias of any target.
 */
export function shapeOf(text: Ends, main: MainRepository): LabelShape | 'any label' {
  const [, repository, inRepository] = /^(?:@@?([^/]*))?(\/\/.*)$/s.exec(text.start) ?? [];
  if (inRepository === undefined) return 'any label';
  if (repository !== undefined && !main.isCalled(repository)) return 'any label';
  const { start, end } = printedEnds({ start: inRepository, end: text.end });
  return start === '//' && end === '' ? 'any label' : { start, end };
}

export function hasShape(label: Label, { start, end }: LabelShape): boolean {
  return label.length >= start.length + end.length && label.startsWith(start) && label.endsWith(end);
}
