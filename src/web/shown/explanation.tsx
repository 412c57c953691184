import type { Agreement, Decision, Explanation, Service } from '../../agreements/index.ts';
import type { TextId } from '../../texts/index.ts';
import { Details, Icon, type IconName, Notification, SummaryList, Tag, type Tone, type View } from '../ui/index.ts';
import { articleWords, factWords, ruleWords, textOf } from './agreement-words.ts';

type Outcome = Decision['outcome'];

const OUTCOMES: Readonly<Record<Outcome, { tone: Tone; icon: IconName; forecast: TextId; decided: TextId }>> = {
  granted: { tone: 'success', icon: 'check', forecast: 'common.forecast.granted', decided: 'common.outcome.granted' },
  partly: { tone: 'info', icon: 'check', forecast: 'common.forecast.partly', decided: 'common.outcome.partly' },
  refused: { tone: 'danger', icon: 'cross', forecast: 'common.forecast.refused', decided: 'common.outcome.refused' },
  undecided: {
    tone: 'warning',
    icon: 'clock',
    forecast: 'common.forecast.undecided',
    decided: 'common.outcome.undecided',
  },
};

/** An outcome in one word. */
export function OutcomeTag({ view, outcome }: { view: View; outcome: Outcome }) {
  const { tone, icon, decided } = OUTCOMES[outcome];
  return (
    <Tag tone={tone} icon={icon}>
      {view.say(decided)}
    </Tag>
  );
}

/** What the rules say, large: a forecast before, the decision after. */
export function Verdict({
  view,
  decision,
  state,
  forecast = false,
}: {
  view: View;
  decision: Decision;
  state: string;
  forecast?: boolean;
}) {
  const { say } = view;
  const look = OUTCOMES[decision.outcome];
  const words = `${view.stateName(state)}: ${say(forecast ? look.forecast : look.decided)}`;
  const counted = decision.months > 0 ? say('common.counted', { count: decision.months }) : undefined;
  return (
    <div class="cw-verdict" data-color={look.tone}>
      <Icon name={look.icon} />
      {forecast ? <h2>{words}</h2> : <h3>{words}</h3>}
      {counted === undefined ? null : <p>{counted}</p>}
    </div>
  );
}

interface ReasonsProps {
  view: View;
  agreement: Agreement;
  service: Service | undefined;
  decision: Decision;
  /** The rules are folded away behind what matters most. */
  folded?: boolean;
}

/** Why: what is missing first, then every rule with its article, the day whose law applied, and the facts it took. */
export function Reasons({ view, agreement, service, decision, folded = false }: ReasonsProps) {
  const { say } = view;
  const rules = (
    <>
      <ul class="cw-rules">
        {decision.explanation.map((one) => (
          <Rule key={one.rule} {...{ view, agreement, service, explanation: one }} />
        ))}
      </ul>
      <p class="cw-subtle cw-small">{say('common.explanation.same')}</p>
    </>
  );
  return (
    <>
      <BySilence {...{ view, agreement, service, decision }} />
      <MissingList {...{ view, agreement, service, decision }} />
      {folded ? (
        <Details summary={say('common.explanation.title')}>{rules}</Details>
      ) : (
        <>
          <h3>{say('common.explanation.title')}</h3>
          {rules}
        </>
      )}
    </>
  );
}

/** That nobody decided in time, and by which article that decides. */
function BySilence({ view, agreement, decision: { silence } }: ReasonsProps) {
  if (silence === undefined) return null;
  const article = articleWords(view, agreement, silence.article);
  return (
    <Notification icon="clock" title={view.say('common.silence.title')}>
      <p>
        {view.say(`common.silence.${silence.consequence}`, { date: view.date(silence.due), article: article.title })}
        {article.source === 'design' ? ` · ${view.say('common.explanation.design')}` : ''}
      </p>
    </Notification>
  );
}

function MissingList({ view, agreement, decision }: ReasonsProps) {
  const { say } = view;
  // What was granted without a record needs no record.
  if (decision.outcome === 'granted' || decision.missing.length + decision.pending.length === 0) return null;
  return (
    <>
      <h3>{say('common.missing.title')}</h3>
      <ul>
        {decision.missing.map(({ rule, text, article }) => (
          <li key={rule}>
            {textOf(view, agreement, text)}{' '}
            <span class="cw-subtle">{`(${articleWords(view, agreement, article).title})`}</span>
          </li>
        ))}
        {decision.pending.map(({ type, state }) => (
          <li key={`${type}/${state}`}>
            {say('common.missing.evidence', {
              evidence: textOf(view, agreement, agreement.evidence[type]?.title ?? type),
              state: view.stateName(state),
            })}
          </li>
        ))}
      </ul>
    </>
  );
}

function Rule({
  view,
  agreement,
  service,
  explanation,
}: Omit<ReasonsProps, 'decision' | 'folded'> & { explanation: Explanation }) {
  const { say } = view;
  const article = articleWords(view, agreement, explanation.article);
  const facts = explanation.facts.map((fact) => factWords(view, agreement, service, fact));
  return (
    <li data-rule={explanation.rule}>
      <div class="cw-rule-head">
        <h4>{textOf(view, agreement, explanation.title)}</h4>
        <span>{ruleWords(view, agreement, explanation.rule, explanation.value)}</span>
      </div>
      <p>
        {article.title}
        {' · '}
        {say('common.explanation.reference', { date: view.date(explanation.reference) })}
        {article.source === 'design' ? ` · ${say('common.explanation.design')}` : ''}
      </p>
      {facts.length === 0 ? null : (
        <Details summary={say('common.explanation.facts', { count: facts.length })}>
          <SummaryList
            tight
            rows={facts.map(({ label, value, from }) => ({
              key: from === undefined ? label : `${label} (${from})`,
              value,
            }))}
          />
        </Details>
      )}
    </li>
  );
}
