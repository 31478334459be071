/** A snapshot contains something that a plan never writes, although its digest matches. */
export class DamagedSnapshotError extends Error {
  override name = 'DamagedSnapshotError';

  constructor(what: string, options?: ErrorOptions) {
    super(`a snapshot is damaged: ${what} (run the plan with \`snapshots: false\`)`, options);
  }
}

/**
 * Parses a line that contains a list.
 *
 * @throws DamagedSnapshotError
 */
export function listOf(line: Buffer): readonly unknown[] {
  const value = parse(line.toString('utf8'));
  if (!Array.isArray(value)) throw new DamagedSnapshotError('a line is not a list');
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DamagedSnapshotError('a line is not JSON', { cause: error });
  }
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
