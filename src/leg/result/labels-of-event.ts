import { decodedOnce } from '../../formats/twice-encoded.js';
import { parseLabel, type Label } from '../../graph/label.js';

/**
 * The label that an event is about, in each way that it can be meant: up to Bazel 7, the stream encodes the UTF-8 bytes
 * of a name a second time.
 *
 * @param written as the stream writes it; a text that is not a label gives none
 */
export function labelsOfEvent(written: string): Label[] {
  if (!written.includes('//')) return [];
  const mended = decodedOnce(written);
  return mended === written ? [parseLabel(written)] : [parseLabel(written), parseLabel(mended)];
}

/** The labels that a pattern stands for: each target pattern of a leg is one label. */
export function labelsOfPattern(pattern: readonly string[]): Label[] {
  return pattern.length === 1 ? labelsOfEvent(pattern[0] ?? '') : [];
}
