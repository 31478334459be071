import type { Graph } from '../../graph/graph.js';
import type { Label } from '../../graph/label.js';
import { plainLines } from '../../text/plain-text.js';
import type { Plan } from '../file/plan.js';
import { plural } from '../../text/plural.js';

/**
 * Explains in some lines of plain text why a target of the graph is affected or not, and what CI does about it.
 *
 * @param ignoredCount how many of the changed files the input `ignore` excludes
 */
export function explanation(label: Label, plan: Plan, graph: Graph, ignoredCount: number): string {
  const target = plan.affected.find((affected) => affected.label === label);
  if (target === undefined) return notAffected(label, plan, graph, ignoredCount);
  const lines = [`${label} is affected.`];
  const { reason } = target;
  if (reason.kind === 'everything') {
    lines.push(`  Everything is: ${plan.everything?.reason ?? 'no reason given'}`);
  } else {
    if (reason.change !== null) lines.push(`  ${reason.change} changed`);
    const way = [...reason.path].reverse();
    way.forEach((step, index) => {
      lines.push(index === 0 ? `  ${step} (${reason.kind})` : `  ← ${step}`);
    });
  }
  lines.push(fate(label, plan));
  return plainLines(lines);
}

function notAffected(label: Label, plan: Plan, graph: Graph, ignoredCount: number): string {
  const kind = graph.get(label)?.kind;
  const changed = plural(plan.changes.length - ignoredCount, 'changed file');
  const lines = [
    `${label} is not affected: of ${changed} none is among its inputs, direct or not, and its definition is the same.`,
  ];
  if (ignoredCount > 0) lines.push(`The option --ignore took out ${plural(ignoredCount, 'changed file')}.`);
  const always = plan.always.find((each) => each.label === label);
  if (always !== undefined) lines.push(`It runs all the same (${always.why}).`);
  if (always !== undefined || plan.excluded.some((each) => each.label === label))
    lines.push(fate(label, plan));
  if (kind === 'generated') lines.push('It is a generated file: ask for the rule that makes it.');
  if (kind === 'package group') lines.push('It is a package group.');
  if (kind === 'environment group') lines.push('It is an environment group.');
  return plainLines(lines);
}

function fate(label: Label, plan: Plan): string {
  const excluded = plan.excluded.find((target) => target.label === label);
  if (excluded !== undefined) return `CI leaves it out: ${excluded.why}.`;
  const leg = plan.legs.find((candidate) => candidate.targets.includes(label));
  if (leg !== undefined) return `CI runs it: ${leg.mode}, in the job "${leg.name}".`;
  return 'CI does not run it itself: it is neither a test nor a release.';
}
