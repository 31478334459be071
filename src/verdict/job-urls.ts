import type { Leg } from '../plan/legs/leg.js';

/**
 * The address of each leg's job, by the leg's name. A job is found by its name, which is `<mode> <leg>` or `<leg>`,
 * after the names of calling jobs. If several jobs match a leg, it has no address.
 */
export function jobUrls(
  legs: readonly Pick<Leg, 'name' | 'mode'>[],
  jobs: readonly { readonly name: string; readonly url: string | null }[],
): Map<string, string> {
  const urls = new Map<string, string>();
  for (const { name, mode } of legs) {
    const fitting = jobs.filter((job) =>
      [`${mode} ${name}`, name].some((own) => job.name === own || job.name.endsWith(` / ${own}`)),
    );
    const url = fitting.length === 1 ? fitting[0]?.url : null;
    if (url != null) urls.set(name, url);
  }
  return urls;
}
