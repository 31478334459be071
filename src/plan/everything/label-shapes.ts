import type { OpenText } from '../../formats/starlark-open-texts.js';
import type { Label } from '../../graph/label.js';
import type { MainRepository } from '../../graph/main-repository.js';

/** Labels of the main repository of which only the start and the end are known. */
export interface LabelShape {
  readonly start: string;
  readonly end: string;
}

/**
 * The labels of the main repository that a text with an unknown part may mean.
 *
 * Bazel takes a label as it is written: it refuses `..`, `//` in the middle and the like instead of resolving them. So a
 * label in its full form, with `//` and `:`, begins as the text does. It also ends as the text does if a `:` is known to
 * stand before that end; otherwise the name may be left out, as in `//a/b`, which is `//a/b:b`.
 *
 * @returns `any label` if nothing is known of them; null if they are labels of another repository
 */
export function shapeOf(
  { start, end }: Extract<OpenText, { kind: 'ends' }>,
  main: MainRepository,
): LabelShape | 'any label' | null {
  const [, repository, inRepository] = /^(?:@@?([^/]*))?(\/\/.*)$/s.exec(start) ?? [];
  if (inRepository === undefined) return 'any label';
  if (repository !== undefined && !main.isCalled(repository)) return null;
  const isNameKnown = inRepository.includes(':') || end.includes(':');
  // Bazel leaves out a `/.` at the end of a name.
  const knownEnd = isNameKnown && !/[./]$/.test(end) ? end : '';
  return inRepository === '//' && knownEnd === '' ? 'any label' : { start: inRepository, end: knownEnd };
}

export function hasShape(label: Label, { start, end }: LabelShape): boolean {
  return label.length >= start.length + end.length && label.startsWith(start) && label.endsWith(end);
}
