/**
 * Writes the files that are made from others (see generated-files.mjs).
 *
 *   node scripts/generate.mjs              writes them
 *   node scripts/generate.mjs --check      writes nothing; names those that differ, and fails
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generatedFiles } from './generated-files.mjs';

const repository = path.dirname(import.meta.dirname);
const isCheck = process.argv[2] === '--check';

for (const [file, text] of generatedFiles(read)) {
  if (read(file) === text) continue;
  if (isCheck) {
    console.error(`generate: ${file} is not what its source says: run \`npm run generate\`.`);
    process.exitCode = 1;
  } else {
    writeFileSync(path.join(repository, file), text);
    console.log(`generate: wrote ${file}`);
  }
}

/** @param {string} file */
function read(file) {
  return readFileSync(path.join(repository, file), 'utf8');
}
