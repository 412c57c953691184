import type { Command } from '../command.ts';
import { grantAdd, grantList, grantRevoke, servicePublish, systemAdd, why } from './access.ts';
import { accessCountsOf } from './access-counts.ts';
import { agreements } from './agreements.ts';
import { agreementsSave } from './agreements-save.ts';
import { agreementsTake } from './agreements-take.ts';
import { approve } from './approve.ts';
import { backup } from './backup.ts';
import { bench } from './bench.ts';
import { callsOpen } from './calls-open.ts';
import { charterAssemble } from './charter-assemble.ts';
import { charterPropose } from './charter-propose.ts';
import { charterSign } from './charter-sign.ts';
import { check } from './check.ts';
import { complaintExport } from './complaint-export.ts';
import { complaintList } from './complaint-list.ts';
import { demo } from './demo.ts';
import { diff } from './diff.ts';
import { dmnExport } from './dmn-export.ts';
import { dmnImport } from './dmn-import.ts';
import { down } from './down.ts';
import { errors } from './errors.ts';
import { evidence } from './evidence.ts';
import { feel } from './feel.ts';
import { health } from './health.ts';
import { ledgerReopen } from './ledger-reopen.ts';
import { lint } from './lint.ts';
import { logs } from './logs.ts';
import { manifestNew } from './manifest-new.ts';
import { manifestRenew } from './manifest-renew.ts';
import { messagesDrop, messagesList, messagesResend, messagesShow } from './messages.ts';
import { newAgreement } from './new-agreement.ts';
import { node } from './node.ts';
import { print } from './print.ts';
import { publish } from './publish.ts';
import { ratify } from './ratify.ts';
import { registerImport } from './register-import.ts';
import { restore } from './restore.ts';
import { retentionRun, retentionShow } from './retention.ts';
import { rootNew } from './root-new.ts';
import { schema } from './schema.ts';
import { status } from './status.ts';
import { test } from './test.ts';
import { topicsAllow, topicsList } from './topics.ts';
import { translationApprove } from './translation-approve.ts';
import { trustTake } from './trust-take.ts';
import { up } from './up.ts';
import { usageAllow, usageList } from './usage.ts';
import { verify } from './verify.ts';
import { withdraw } from './withdraw.ts';

/** Every command, in the order of `--help`. */
export const commands: readonly Command[] = [
  up,
  demo,
  down,
  status,
  health,
  logs,
  registerImport,
  systemAdd,
  servicePublish,
  grantAdd,
  grantList,
  grantRevoke,
  why,
  backup,
  restore,
  ledgerReopen,
  rootNew,
  charterPropose,
  charterSign,
  charterAssemble,
  trustTake,
  manifestNew,
  messagesList,
  messagesShow,
  messagesResend,
  messagesDrop,
  topicsList,
  topicsAllow,
  usageAllow,
  usageList,
  manifestRenew,
  accessCountsOf,
  retentionShow,
  retentionRun,
  complaintList,
  complaintExport,
  callsOpen,
  evidence,
  verify,
  check,
  print,
  newAgreement,
  schema,
  diff,
  translationApprove,
  publish,
  ratify,
  withdraw,
  approve,
  agreements,
  agreementsSave,
  agreementsTake,
  feel,
  dmnImport,
  dmnExport,
  bench,
  errors,
  node,
  test,
  lint,
];
