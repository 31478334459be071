/** The names of the options, without dashes and `[no]`, that `bazel help COMMAND --short` lists; empty if it lists none. */
export function listedOptions(help: string): ReadonlySet<string> {
  return new Set([...help.matchAll(/^ *--(?:\[no\])?([\w:]+)/gm)].map(([, name = '']) => name));
}
