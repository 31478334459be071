/**
 * Prints what CHANGELOG.md says of a version. Fails unless package.json, package-lock.json, src/entry/version.ts and CHANGELOG.md
 * all name that version, and CHANGELOG.md names its date.
 *
 *   node scripts/release-notes.mjs VERSION
 *
 * It needs no packages: the release workflow runs it in a job that installs none.
 */
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** A version cannot be released as it is; the message says why. */
export class ReleaseError extends Error {}

/**
 * @param {string} version
 * @param {(path: string) => string} read the text of a file of the repository
 * @returns {string} the section of the version, without its heading
 * @throws {ReleaseError}
 */
export function releaseNotes(version, read) {
  if (!/^\d+\.\d+\.\d+$/.test(version))
    throw new ReleaseError(`${JSON.stringify(version)} is not a version such as 1.0.0`);
  const { version: packageVersion } = JSON.parse(read('package.json'));
  if (packageVersion !== version) throw new ReleaseError(`package.json has the version ${packageVersion}`);
  const { version: lockVersion } = JSON.parse(read('package-lock.json'));
  if (lockVersion !== version) throw new ReleaseError(`package-lock.json has the version ${lockVersion}`);
  if (!read('src/entry/version.ts').includes(`VERSION = '${version}'`))
    throw new ReleaseError('src/entry/version.ts has another version');
  const sections = read('CHANGELOG.md').split(/^## /m).slice(1);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  if (section === undefined) throw new ReleaseError(`CHANGELOG.md has no section [${version}]`);
  const [heading = '', ...lines] = section.split('\n');
  if (!/\] - \d{4}-\d{2}-\d{2}$/.test(heading))
    throw new ReleaseError(`CHANGELOG.md has no date in the heading of [${version}]`);
  return `${lines.join('\n').trim()}\n`;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const repository = path.dirname(import.meta.dirname);
  try {
    process.stdout.write(
      releaseNotes(process.argv[2] ?? '', (file) => readFileSync(path.join(repository, file), 'utf8')),
    );
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    console.error(`release-notes: ${error.message}.`);
    process.exitCode = 1;
  }
}
