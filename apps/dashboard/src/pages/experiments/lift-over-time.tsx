import { useExperimentLooks } from "@agent-learning/react/query";
import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Experiment } from "../../api/types.ts";
import { TimeChart } from "../../components/chart/time-chart.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { Choice } from "../../components/field.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { useSetSearch } from "../../components/use-set-search.ts";
import { metricWord } from "../../format/words.ts";
import { armWord, treatmentsOf } from "./arms.ts";
import { differenceOf } from "./verdict.ts";

const HEIGHT = 240;
const route = getRouteApi("/experiments/$experimentId");

interface Bounds {
  estimate: number;
  lower: number;
  upper: number;
}

/** The interval at every look that was kept: it narrows, and it stays valid however often one looks. */
export function LiftOverTime({ experiment }: { experiment: Experiment }): JSX.Element | null {
  const arms = treatmentsOf(experiment);
  const { arm: wanted } = route.useSearch();
  const set = useSetSearch();
  const arm = wanted !== undefined && arms.includes(wanted) ? wanted : (experiment.winningArm ?? "treatment");
  const draft = experiment.status === "draft";
  const { data, error } = useExperimentLooks(
    experiment.id,
    { arm },
    { enabled: !draft, refetchInterval: 30_000 },
  );
  if (draft) return null;
  if (error !== null) return <ErrorNote error={error} />;
  if (data === undefined) return <Skeleton height={HEIGHT + 28} />;
  const looks = data.data.filter(({ absolute }) => absolute !== null);
  const choice =
    arms.length === 1 ? null : (
      <Choice
        label="Treatment"
        value={arm}
        options={arms.map((name) => [name, armWord(name, arms)] as const)}
        onChange={(name) => set({ arm: name })}
      />
    );
  if (looks.length < 2)
    return (
      <>
        {choice}
        <p className="small faint">The course of the interval appears after the second look.</p>
      </>
    );
  const values = (pick: (bounds: Bounds) => number): (number | null)[] =>
    looks.map(({ absolute }) => (absolute === null ? null : pick(absolute)));
  const name = metricWord(experiment.primaryMetric);
  const mark = (time: string | null, what: string): { at: number; name: string }[] =>
    time === null ? [] : [{ at: new Date(time).getTime(), name: what }];
  return (
    <>
      {choice}
      <TimeChart
        label={`Lift in ${name.toLowerCase()} at each of ${looks.length} looks, with its interval`}
        times={looks.map(({ at }) => new Date(at).getTime())}
        series={[
          {
            name: `Lift in ${name.toLowerCase()}`,
            color: "--chart-1",
            values: values(({ estimate }) => estimate),
          },
        ]}
        band={{
          name: "Interval, valid at every look",
          lower: values(({ lower }) => lower),
          upper: values(({ upper }) => upper),
        }}
        marks={[...mark(experiment.startedAt, "Launched"), ...mark(experiment.decidedAt, "Decided")]}
        baseline={0}
        format={(value) => differenceOf(experiment.primaryMetric, value).replace(" points", " pp")}
        height={HEIGHT}
      />
    </>
  );
}
