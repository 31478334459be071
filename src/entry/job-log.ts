/**
 * The log of a job: the one place where an action prints. What the runner would take for a command in a text of others (a
 * label, a path, a program's or a service's words) becomes harmless here; only what is meant as a command is one.
 */
import * as core from '@actions/core';
import { withoutCommands, withoutOldCommands } from '../text/harmless.js';
import { formsOf } from '../text/secret-forms.js';
import { withCommandsStopped, type Print } from './stop-commands.js';

/** Where an annotation belongs: a title, and a place in the repository. */
export type AnnotationPlace = core.AnnotationProperties;

export function info(text: string): void {
  core.info(withoutCommands(text));
}

/** An annotation of the step, beside the code where its place says so. */
export function annotate(
  level: 'error' | 'warning' | 'notice',
  message: string,
  place: AnnotationPlace = {},
): void {
  const { title, file, ...rest } = place;
  core[level](withoutCommands(message), {
    ...rest,
    ...(title === undefined ? {} : { title: withoutCommands(title) }),
    ...(file === undefined ? {} : { file: withoutOldCommands(file) }),
  });
}

/** The step fails, and goes on. */
export function fail(message: string): void {
  annotate('error', message);
  process.exitCode = core.ExitCode.Failure;
}

/** The runner hides a text in all that is printed from now on, in whatever form a program writes it down. */
export function mask(secret: string): void {
  for (const form of formsOf(secret)) {
    // As it is: nothing in it may be made harmless.
    write(`::add-mask::${form.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A')}\n`);
  }
}

/** Puts what is printed meanwhile into a group that can be folded. */
export async function group<T>(title: string, work: () => Promise<T>): Promise<T> {
  core.startGroup(withoutCommands(title));
  try {
    return await work();
  } finally {
    core.endGroup();
  }
}

/** Lets others print as they print, while the runner takes no commands. @param work gets what they print with */
export async function ofOthers<T>(work: (print: Print) => Promise<T>): Promise<T> {
  return withCommandsStopped(write, () => work(write));
}

/** Standard output before {@link guardLog}. */
const unguarded = process.stdout.write.bind(process.stdout);
const write: Print = (chunk) => unguarded(chunk);

/**
 * Makes harmless what libraries print past this file; a command that is printed by itself stays one. A log that cannot be
 * written any more fails the step, which goes on: what it leaves elsewhere counts.
 */
export function guardLog(): void {
  process.stdout.once('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(
      `The log cannot be written (${error.code ?? error.message}): the program that reads it has ended, or its disk is full. Run the job again.\n`,
    );
  });
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => {
      process.exitCode = core.ExitCode.Failure;
    });
  for (const stream of [process.stdout, process.stderr]) {
    const original = stream.write.bind(stream) as (...args: unknown[]) => boolean;
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      return original(IS_COMMAND.test(text) ? withoutOldCommands(text) : withoutCommands(text), ...rest);
    };
  }
}

const IS_COMMAND = /^::[^\r\n]*\r?\n$/;
