import { parse as parseYaml } from 'yaml';
import { InputError } from '../text/input-error.js';
import type { RunsOn } from './legs/leg.js';

/**
 * Parses an input that names a runner.
 *
 * @throws InputError
 */
export function parseRunsOn(name: string, text: string): RunsOn {
  if (!text.startsWith('[')) return text;
  return checkRunsOn(name, text, readYaml(name, text, A_RUNNER));
}

const A_RUNNER = 'a runner label, or a list of labels like [self-hosted, linux]';

function checkRunsOn(name: string, text: string, value: unknown): RunsOn {
  if (typeof value === 'string' && value !== '') return value;
  if (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((label): label is string => typeof label === 'string' && label !== '')
  ) {
    return value;
  }
  throw new InputError(name, text, A_RUNNER);
}

/**
 * Parses the input `runners`, and keeps its order, because the first tag that matches decides.
 *
 * @throws InputError
 */
export function parseRunners(text: string): ReadonlyMap<string, RunsOn> {
  const allowed = 'a YAML map from tag to runner, one a line, like `gpu: [self-hosted, gpu]`';
  if (text === '') return new Map();
  const value = readYaml('runners', text, allowed);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError('runners', text, allowed);
  return new Map(
    Object.entries(value).map(([tag, runner]) => [
      tag,
      checkRunsOn('runners', `${tag}: ${JSON.stringify(runner)}`, runner),
    ]),
  );
}

function readYaml(name: string, text: string, allowed: string): unknown {
  try {
    return parseYaml(text);
  } catch {
    throw new InputError(name, text, allowed);
  }
}
