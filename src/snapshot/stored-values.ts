/** Says that a snapshot holds something else than a plan writes into one, though its digest is right. */
export class DamagedSnapshotError extends Error {
  override name = 'DamagedSnapshotError';
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isText);
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
