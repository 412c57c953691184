import { pino } from 'pino';
import { currentRules } from '../access/index.ts';
import { startCalls } from '../calls/index.ts';
import { caseJobs } from '../cases/index.ts';
import type { DoorsContext } from '../doors/index.ts';
import { allowedRoutes, namesInXRoad, openDoors, serveXRoad } from '../doors/index.ts';
import { send, startExchange } from '../exchange/index.ts';
import { scanJob } from '../files/index.ts';
import { startSequencer, startWitnessing } from '../ledger/index.ts';
import type { Hop } from '../measures/index.ts';
import { messageHandlers as betweenSystems, messageDelivery, topicJobs } from '../messages/index.ts';
import { countsJob, noticeHandler, wantCounts } from '../persons/index.ts';
import { describeError, startJobs } from '../storage/index.ts';
import { createWeb } from '../web/index.ts';
import { charterReminder } from './charter-reminder.ts';
import type { NodeConfig } from './config.ts';
import { HOST, type NodeContext, openContext } from './context.ts';
import { editionRoutes, startEditions } from './editions.ts';
import { messageHandlers, transactionHandlers } from './handlers.ts';
import { mirrorRoutes, startMonitoring } from './monitors.ts';
import { giveBackRoutes, regain } from './regain.ts';
import { retentionJob, wantRetention } from './retention.ts';
import { watchTrustFolder } from './trust-folder.ts';
import { withheldByAgreement } from './withholding.ts';
import { witnessingContext, witnessRoutes } from './witnesses.ts';

/** A node that runs. */
export interface RunningNode {
  portalPort: number;
  exchangePort: number;
  /** Closes the doors, ends what is under way, closes the database. */
  stop(): Promise<void>;
}

/**
 * Starts one state's node: opens its database and trust, wires messages to rooms, opens the doors. Any number of processes may
 * run one on the same database.
 * @throws Failure where something it needs does not hold; nothing is left open then
 * @example const node = await startNode(config); process.on('SIGTERM', () => node.stop());
 */
export async function startNode(config: NodeConfig): Promise<RunningNode> {
  const log = pino({ base: { state: config.state }, timestamp: pino.stdTimeFunctions.isoTime });
  const report = (place: string, error: unknown) => log.error({ place, reason: describeError(error) });
  // One line a hop, thousands in a second: they are written while the next ones gather, and nobody waits for them.
  const hopsTo = pino.destination({ dest: 1, sync: false });
  const hops = pino({ base: { state: config.state }, timestamp: pino.stdTimeFunctions.isoTime }, hopsTo);
  const hop = (one: Hop) => hops.info(one, 'hop');
  const ctx = await openContext(config, report);
  const doors: DoorsContext & NodeContext = {
    ...ctx,
    withheldUntil: ({ agreement, article }) => withheldByAgreement(ctx, agreement, article),
    hop,
    report: (reference, error) => report(`door ${reference}`, error),
  };
  const closing: (() => Promise<void>)[] = [async () => hopsTo.end(), () => ctx.db.close()];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    await regain(ctx, config.folder, { say: (words, detail) => log.warn(detail, words), report });
    let mirrorSoon = (_state: string): void => undefined;
    let greet = (_state: string): void => undefined;
    const sequencer = startSequencer(ctx, { onError: (error) => report('sequencer', error) });
    closing.push(() => sequencer.stop());
    const calls = startCalls(ctx, {
      serve: serveXRoad(doors),
      // The access rights are looked at while the call is on its way to the disk.
      arriving: () => void currentRules(doors).catch(() => undefined),
      namesOf: namesInXRoad,
      greet: (peer) => greet(peer),
      onError: (error) => report('calls', error),
    });
    const exchange = await startExchange(ctx, {
      handlers: { ...messageHandlers(ctx), ...betweenSystems(doors) },
      ...messageDelivery(doors),
      transactions: {
        operations: transactionHandlers(ctx),
        // Another process may have taken a version over, or ratified it, a moment ago: a refusal would be final.
        async resolve(contract, code) {
          if (!isAccepted(ctx, contract)) await ctx.agreements.refresh();
          return ctx.agreements.byContract(contract)?.transactions[code];
        },
      },
      routes: {
        ...witnessRoutes(ctx, report, (state) => mirrorSoon(state)),
        ...editionRoutes(ctx),
        ...mirrorRoutes(ctx),
        ...giveBackRoutes(ctx),
        ...allowedRoutes(doors),
      },
      protocols: calls.protocols,
      listen: { host: HOST, port: config.exchangePort },
      onHop: hop,
      onError: (reason) => log.error({ place: 'exchange', reason }),
    });
    closing.push(() => exchange.stop());
    calls.connectBy(exchange.connect);
    greet = exchange.greet;
    closing.push(() => calls.stop());
    const witnessing = startWitnessing(witnessingContext(ctx, exchange.ask), {
      onError: (error) => report('witnessing', error),
    });
    closing.push(() => witnessing.stop());
    const monitoring = startMonitoring(ctx, exchange, report);
    mirrorSoon = monitoring.soon;
    closing.push(() => monitoring.stop());
    const files = watchTrustFolder(ctx, {
      folder: config.trustFolder,
      report,
      taken(count) {
        log.info({ count, charter: ctx.trust.charter.version }, 'took what was put into the trust folder');
        for (const peer of ctx.trust.states()) exchange.greet(peer);
      },
    });
    closing.push(() => files.stop());
    const editions = startEditions(ctx, exchange, report);
    closing.push(() => editions.stop());
    const jobs = startJobs(ctx, [
      ...caseJobs(ctx),
      scanJob(ctx),
      ...topicJobs(doors),
      noticeHandler(ctx, async (tx, to, body) => {
        await send(tx, ctx, { to, type: 'access-notice', lane: `access/${to}`, body });
      }),
      retentionJob(ctx),
      // In the lane of the notices: what it counts has come when it comes.
      countsJob(ctx, async (tx, to, body) => {
        await send(tx, ctx, { to, type: 'access-counts', lane: `access/${to}`, body });
      }),
    ]);
    closing.push(() => jobs.stop());
    await ctx.db.transaction(async (tx) => {
      await wantCounts(tx, ctx);
      await wantRetention(tx, ctx);
    });
    if (config.doorPort !== undefined) {
      const listen = { host: HOST, port: config.doorPort };
      const door = await openDoors(doors, {
        carry: calls.carry,
        api: { ...doors, ask: exchange.ask },
        tls: ctx.keys.tls,
        listen,
      });
      closing.push(() => door.stop());
    }
    const web = createWeb(ctx);
    closing.push(async () => web.close());
    await web.listen({ host: HOST, port: config.portalPort });
    const lookAtCharter = charterReminder(ctx, (expires) =>
      log.warn({ expires }, 'the charter has expired: no state is admitted, all else goes on'),
    );
    lookAtCharter();
    const watch = setInterval(lookAtCharter, 60_000);
    watch.unref();
    closing.push(async () => clearInterval(watch));
    log.info({ portal: ctx.web.origin, exchange: exchange.port }, 'ready');
    return { portalPort: config.portalPort, exchangePort: exchange.port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Whether this process knows a contract, and that its state has accepted it on some day. */
function isAccepted({ agreements, trust }: NodeContext, contract: string): boolean {
  const name = agreements.byContract(contract)?.name;
  return name !== undefined && trust.words(name).some((one) => one.state === trust.self && one.contract === contract);
}
