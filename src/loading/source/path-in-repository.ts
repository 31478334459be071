import { join } from 'node:path';
import { nameOf, OWN_FOLDER, type Label } from '../../graph/label.js';

/** The path of a source file below the folder of its repository, whatever its label calls that. */
export function pathInRepository(label: Label): string {
  const inRepository = label.slice(label.indexOf('//')) as Label;
  const packagePath = inRepository.slice(2, inRepository.indexOf(':'));
  const name = nameOf(inRepository);
  return join(packagePath, name === OWN_FOLDER ? '' : name);
}
