import './readable-payload.js';
import * as core from '@actions/core';
import { basicCredential } from '../adapters/github/git-credentials.js';
import { isCommitId, type CommitId } from '../graph/tree.js';
import { parsePlanInputs } from '../plan/plan-inputs.js';
import { unrecordedNotices, type RecordAttempt } from '../plan/record-externals.js';
import { recordIn } from '../plan/record-in.js';
import { InputError } from '../text/input-error.js';
import { plainText } from '../text/plain-text.js';
import { plural } from '../text/plural.js';
import { endProcess } from './end-process.js';
import { failAction, guardAction } from './fail-action.js';
import { annotate, info, mask } from './job-log.js';
import { workspaceFolder } from './runner-folders.js';
import { runnerStores } from './runner-stores.js';

async function main(): Promise<void> {
  const commit = parseCommit(core.getInput('commit'));
  const inputs = parsePlanInputs((name) => core.getInput(name));
  if (inputs.githubToken !== '') mask(basicCredential(inputs.githubToken));
  const stores = runnerStores(inputs);
  if (stores === null) {
    info('Nothing is recorded: this job has no cache service to keep it.');
    return;
  }
  tell(await recordIn(workspaceFolder(inputs.workspace), inputs, stores, commit));
}

/** @throws InputError */
function parseCommit(text: string): CommitId {
  if (isCommitId(text)) return text;
  throw new InputError('commit', text, "a full commit id, such as the plan's output unrecorded");
}

function tell(attempt: RecordAttempt | { readonly kind: 'known' }): void {
  if (attempt.kind === 'known') info('An earlier plan has recorded already what external repositories read.');
  else if (attempt.kind === 'recorded')
    info(`It is recorded that external repositories read ${plural(attempt.record.reads.size, 'path')}.`);
  else for (const notice of unrecordedNotices(attempt)) annotate('warning', plainText(notice));
}

guardAction();
void main().catch(failAction).finally(endProcess);
