import { dirname } from 'node:path';

/** Says that the machine does not let this program go on: a full disk, a missing folder, a log that nobody takes. */
export class MachineError extends Error {
  override name = 'MachineError';
}

const OTHER_FOLDER = 'let RUNNER_TEMP (or TMPDIR, on your own machine) name another folder';

/** The error in a sentence that says what to do, where the machine has an error; null for every other error. */
export function machineError(error: unknown): MachineError | null {
  if (!(error instanceof Error)) return null;
  const sentence = FULL_DISK.test(error.message)
    ? `${error.message}; free some, or ${OTHER_FOLDER}`
    : machineSentence(error);
  return sentence === null ? null : new MachineError(sentence, { cause: error });
}

/** The words of other programs, whose messages tell what they were at. */
const FULL_DISK = /^(?!E[A-Z]+: ).*(?:No space left on device|Disk quota exceeded)/s;

function machineSentence(error: NodeJS.ErrnoException): string | null {
  // The words of @actions/core.
  const [, missing] = /^Missing file at path: (.*)$/s.exec(error.message) ?? [];
  if (missing !== undefined)
    return `${missing} is missing, where the runner reads what this step leaves: a step before may have removed it; run the job again`;
  const { code = '', syscall = 'access', path = '' } = error;
  const what = path === '' ? '' : ` ${path}`;
  const why = `${syscall}${what}: ${code}`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no space left on the disk (${why}): free some, or ${OTHER_FOLDER}`;
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return path === ''
        ? null
        : `${path} cannot be used (${why}): change its permissions, or ${OTHER_FOLDER}`;
    case 'ENOENT':
    case 'ENOTDIR':
      return syscall === 'mkdtemp'
        ? `there is not a folder ${dirname(path)} for temporary files (${why}): make it, or ${OTHER_FOLDER}`
        : null;
    case 'EMFILE':
    case 'ENFILE':
      return `too many files are open (${why}): raise the limit (ulimit -n), or end other programs`;
    case 'EIO':
      return `the disk does not work (${why}): look at the machine`;
    default:
      return null;
  }
}
