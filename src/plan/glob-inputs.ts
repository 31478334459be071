import picomatch from 'picomatch';
import { InputError } from '../text/input-error.js';

/** Tells whether a path of the repository matches. */
export type PathMatcher = (path: string) => boolean;

/**
 * Makes a matcher of paths of the repository from the globs of an input.
 *
 * Git lists no path that starts or ends with a slash. A glob that does is an error, because it would silently match
 * nothing.
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

/** Suggests what a glob that starts or ends with a slash was meant to be. */
function relativeGlob(glob: string): string {
  const parts = glob.replace(/^\/+/, '').split('/');
  if (parts.at(-1) !== '') return parts.join('/');
  while (parts.at(-1) === '') parts.pop();
  return (parts.at(-1) === '**' ? parts : [...parts, '**']).join('/');
}

/**
 * Makes a matcher that accepts a text if any of the globs matches it.
 *
 * @throws InputError for a glob that excludes paths
 */
export function globMatcher(name: string, globs: readonly string[]): PathMatcher {
  if (globs.length === 0) return () => false;
  const negative = globs.find((glob) => glob.startsWith('!'));
  if (negative !== undefined) {
    throw new InputError(name, negative, 'globs without a leading !, like docs/** or **/*.md');
  }
  // With the flag `s`, ** also matches names that contain a line end: `everything-on` must not miss one.
  return picomatch([...globs], { dot: true, flags: 's' });
}
