import { decodedOnce } from '../../formats/twice-encoded.js';
import { parseLabel, type Label } from '../../graph/label.js';

/**
 * The labels that an event may be about. There can be two, because up to Bazel 7 the stream encodes the UTF-8 bytes of
 * a name a second time.
 *
 * @param written the text in the stream; a text that is not a label gives none
 */
export function labelsOfEvent(written: string): Label[] {
  if (!written.includes('//')) return [];
  const mended = decodedOnce(written);
  return mended === written ? [parseLabel(written)] : [parseLabel(written), parseLabel(mended)];
}

/** The labels that a pattern means. Each target pattern of a leg is a single label. */
export function labelsOfPattern(pattern: readonly string[]): Label[] {
  return pattern.length === 1 ? labelsOfEvent(pattern[0] ?? '') : [];
}
