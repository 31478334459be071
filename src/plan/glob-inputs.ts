import picomatch from 'picomatch';
import { InputError } from '../text/input-error.js';

/** Matches a path of the repository. */
export type PathMatcher = (path: string) => boolean;

/**
 * A matcher of paths of the repository.
 *
 * No path that git lists starts or ends with a slash, so a glob that does would match nothing, without a word.
 *
 * @throws InputError
 */
export function pathMatcher(name: string, globs: readonly string[]): PathMatcher {
  const wrong = globs.find((glob) => glob.startsWith('/') || glob.endsWith('/'));
  if (wrong !== undefined) {
    throw new InputError(
      name,
      wrong,
      `globs of files, relative to the repository and without a / at either end: ${relativeGlob(wrong)}`,
    );
  }
  return globMatcher(name, globs);
}

/** What a glob with a slash at its start or end was meant to be. */
function relativeGlob(glob: string): string {
  const parts = glob.replace(/^\/+/, '').split('/');
  if (parts.at(-1) !== '') return parts.join('/');
  while (parts.at(-1) === '') parts.pop();
  return (parts.at(-1) === '**' ? parts : [...parts, '**']).join('/');
}

/** Whether any of the globs matches a text. @throws InputError for one that takes paths out */
export function globMatcher(name: string, globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  const negative = globs.find((glob) => glob.startsWith('!'));
  if (negative !== undefined) {
    throw new InputError(name, negative, 'globs without a leading !, like docs/** or **/*.md');
  }
  // With `s`, ** also passes over a line end in a name: `everything-on` must not miss one.
  return picomatch([...globs], { dot: true, flags: 's' });
}
