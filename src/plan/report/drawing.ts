import type { Label } from '../../graph/label.js';
import { mermaidText } from '../../text/markdown.js';
import type { Plan } from '../file/plan.js';

/** The most nodes with which a drawn graph is still readable. */
const MOST_NODES = 25;

/** A drawing of the paths from changed files to what runs; empty if it would have too many nodes to be readable. */
export function drawing(plan: Plan): string[] {
  if (plan.everything !== null) return [];
  const running = new Set<Label>([...plan.test, ...plan.build, ...plan.release]);
  const ids = new Map<string, string>();
  const lines: string[] = [];
  const edges = new Set<string>();
  const node = (key: string, name: string, shape: (label: string) => string): string => {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `n${ids.size}`;
    ids.set(key, id);
    lines.push(`  ${id}${shape(`"${mermaidText(name)}"`)}`);
    return id;
  };
  const edge = (from: string, to: string): void => {
    edges.add(`  ${from} --> ${to}`);
  };
  for (const target of plan.affected) {
    if (!running.has(target.label)) continue;
    const way = [...target.reason.path].reverse();
    const ends = way.map((label) =>
      node(`target ${label}`, label, running.has(label) ? (name) => `[[${name}]]` : (name) => `[${name}]`),
    );
    if (target.reason.change !== null && ends[0] !== undefined) {
      edge(
        node(`file ${target.reason.change}`, target.reason.change, (name) => `([${name}])`),
        ends[0],
      );
    }
    ends.slice(1).forEach((end, index) => {
      edge(ends[index] ?? end, end);
    });
    if (ids.size > MOST_NODES) return [];
  }
  if (edges.size === 0) return [];
  return [`\`\`\`mermaid\ngraph LR\n${[...lines, ...edges].join('\n')}\n\`\`\``];
}
