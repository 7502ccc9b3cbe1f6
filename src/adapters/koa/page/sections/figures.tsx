import type { VNode } from "preact";
import type { DayFigures } from "../../../../application/overview.ts";
import { ActionButton, Section, Table, useTexts } from "../components/form-controls.tsx";
import type { PageTexts } from "../texts.ts";
import type { PageView } from "../view.ts";

const SERIES = ["signIns", "newUsers", "refusals"] as const;

/** Sign-ins, new users, refusals and seats as charts; a table says the same in numbers. */
export function FiguresSection({ view }: { readonly view: PageView }): VNode {
  const { texts, figures } = view;
  const t = texts.overview;
  if (figures === undefined || figures === "late") {
    return (
      <Section id="figures" title={t.figures}>
        {figures === undefined ? (
          <p class="fault">{texts.unavailable}</p>
        ) : (
          <>
            <p>{t.late}</p>
            <ActionButton action="count-figures" section="figures" live="figures">
              {t.count}
            </ActionButton>
          </>
        )}
      </Section>
    );
  }
  const { days, refusalsIncomplete } = figures;
  const number = new Intl.NumberFormat(texts.lang);
  return (
    <Section id="figures" title={t.figures}>
      <div class="charts">
        {SERIES.map((series) => (
          <Chart series={series} days={days} />
        ))}
        <Seats view={view} />
      </div>
      {refusalsIncomplete && <p class="soft">{t.incomplete}</p>}
      <details>
        <summary>{t.table}</summary>
        <Table
          columns={[t.day, ...SERIES.map((series) => t[series])]}
          rows={[...days]
            .reverse()
            .map((figures) => [
              dayText(figures.day, texts),
              ...SERIES.map((series) => number.format(figures[series])),
            ])}
        />
      </details>
    </Section>
  );
}

/** Units of the drawings, which are scaled to the width that there is. */
const [STEP, BAR, HEIGHT] = [10, 8, 48];

/** A bar for each day. */
function Chart(props: {
  readonly series: (typeof SERIES)[number];
  readonly days: readonly DayFigures[];
}): VNode {
  const { series, days } = props;
  const texts = useTexts();
  const t = texts.overview;
  const counts = days.map((day) => day[series]);
  const most = Math.max(...counts);
  const number = new Intl.NumberFormat(texts.lang);
  const total = number.format(counts.reduce((sum, count) => sum + count, 0));
  const busiest = days[counts.indexOf(most)]?.day;
  const peak =
    most === 0 || busiest === undefined ? "" : t.most(number.format(most), dayText(busiest, texts));
  return (
    <figure class={`chart ${series}`}>
      <figcaption>
        {t[series]} <strong>{total}</strong>
      </figcaption>
      <svg
        role="img"
        aria-label={`${t[series]}: ${total}. ${peak}`}
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {counts.map((count, index) => {
          const height = count === 0 ? 1 : Math.max(3, Math.round((count / most) * HEIGHT));
          return (
            <rect
              class={count === 0 ? "nothing" : "some"}
              x={index * STEP}
              y={HEIGHT - height}
              width={BAR}
              height={height}
            />
          );
        })}
      </svg>
      <p class="hint">{peak}</p>
    </figure>
  );
}

/** Seats taken of the limit; above it, the bar is full. */
function Seats({ view }: { readonly view: PageView }): VNode | null {
  const { texts, usage } = view;
  if (usage === undefined || usage === "late" || usage.limit === undefined) return null;
  const { used, limit } = usage;
  const number = new Intl.NumberFormat(texts.lang);
  const says = texts.licenses.used(number.format(used), number.format(limit));
  const full = limit === 0 ? 100 : Math.min(100, (used / limit) * 100);
  return (
    <figure class={`chart seats ${used > limit ? "over" : ""}`}>
      <figcaption>
        {texts.licenses.title} <strong>{says}</strong>
      </figcaption>
      <svg
        role="img"
        aria-label={`${texts.licenses.title}: ${says}`}
        viewBox={`0 0 100 ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        <rect class="nothing" x="0" y={HEIGHT / 3} width="100" height={HEIGHT / 3} />
        <rect class="some" x="0" y={HEIGHT / 3} width={full} height={HEIGHT / 3} />
      </svg>
    </figure>
  );
}

function dayText(day: string, { lang }: PageTexts): string {
  const format = new Intl.DateTimeFormat(lang, { month: "short", day: "numeric", timeZone: "UTC" });
  return format.format(Date.parse(day));
}
