import {
  experimentListQuery,
  trainingRunListQuery,
  useAnnotationQueue,
  useRollouts,
  versionListQuery,
} from "@agent-learning/react/query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { JSX } from "react";
import type { Agent } from "../../api/types.ts";
import { useOfAgents } from "../../agents/use-of-agents.ts";
import { Badge } from "../../components/badge.tsx";
import { Card } from "../../components/card.tsx";
import { RelativeTime } from "../../components/relative-time.tsx";
import { SkeletonText } from "../../components/skeleton.tsx";
import type { Tone } from "../../format/words.ts";
import { plural } from "../../format/numbers.ts";
import { serverNow } from "../../session/server-clock.ts";
import "./attention.css";

interface Item {
  key: string;
  tone: Tone;
  word: string;
  text: string;
  time: string | null;
  link: LinkProps;
}

const REFRESH = 20_000;
const RECENT = 7 * 86_400_000;
const SHOWN = 6;

function useItems(agents: readonly Agent[]): Item[] | undefined {
  const versions = useOfAgents({
    agents,
    queryOf: (client, agentId) => versionListQuery(client, agentId, { limit: 50 }),
    refetchInterval: REFRESH,
  });
  const runs = useOfAgents({
    agents,
    queryOf: (client, agentId) => trainingRunListQuery(client, agentId, { limit: 20 }),
    refetchInterval: REFRESH,
  });
  const experiments = useOfAgents({
    agents,
    queryOf: (client, agentId) => experimentListQuery(client, agentId, { limit: 20 }),
    refetchInterval: REFRESH,
  });
  const single = agents.length === 1 ? agents[0]?.slug : undefined;
  const rollouts = useRollouts({ limit: 50, agentId: single }, { refetchInterval: REFRESH });
  const disagreements = useAnnotationQueue(
    { kind: "adjudication", limit: 50, agentId: single },
    { refetchInterval: REFRESH },
  );
  if (
    versions === undefined ||
    runs === undefined ||
    experiments === undefined ||
    rollouts.data === undefined
  )
    return undefined;
  const slugs = new Map(agents.map(({ id, slug }) => [id, slug]));
  const recent = (time: string | null): boolean =>
    time !== null && serverNow() - new Date(time).getTime() < RECENT;
  const items: Item[] = [];
  for (const one of rollouts.data) {
    const link: LinkProps = { to: "/rollouts/$rolloutId", params: { rolloutId: one.id } };
    if (one.status === "rolled_back" && recent(one.endedAt))
      items.push({
        key: one.id,
        tone: "bad",
        word: "Rolled back",
        text: one.rollbackReason ?? "A rollout was rolled back.",
        time: one.endedAt,
        link,
      });
    if (one.status === "pending")
      items.push({
        key: one.id,
        tone: "warn",
        word: "To start",
        text: "A rollout waits to be started.",
        time: one.createdAt,
        link,
      });
    if (one.status === "paused")
      items.push({
        key: one.id,
        tone: "warn",
        word: "Paused",
        text: "A rollout is paused; nothing moves it until it is resumed.",
        time: one.stageStartedAt,
        link,
      });
  }
  for (const one of versions) {
    const slug = slugs.get(one.agentId);
    if (one.reviewStatus === "pending" && slug !== undefined)
      items.push({
        key: one.id,
        tone: "warn",
        word: "To review",
        text: `Version ${one.number} of ${slug}: ${one.changeSummary ?? "no summary"}`,
        time: one.createdAt,
        link: {
          to: "/agents/$agentSlug/versions/$versionId",
          params: { agentSlug: slug, versionId: one.id },
        },
      });
  }
  for (const one of experiments) {
    const link: LinkProps = { to: "/experiments/$experimentId", params: { experimentId: one.id } };
    if (one.status === "running" && one.health.status === "unhealthy")
      items.push({
        key: one.id,
        tone: "bad",
        word: "Unhealthy",
        text: `${one.name}: ${one.health.reasons[0] ?? ""}`,
        time: one.analysedAt,
        link,
      });
    if (one.status === "draft")
      items.push({
        key: one.id,
        tone: "neutral",
        word: "Draft",
        text: `${one.name} waits to be launched.`,
        time: one.createdAt,
        link,
      });
  }
  for (const one of runs) {
    if (one.status === "failed" && recent(one.completedAt))
      items.push({
        key: one.id,
        tone: "bad",
        word: "Failed",
        text: one.name,
        time: one.completedAt,
        link: { to: "/runs/$runId", params: { runId: one.id } },
      });
    if (one.status === "completed" && one.reviewStatus === "pending")
      items.push({
        key: one.id,
        tone: "warn",
        word: "To review",
        text: `${one.name} learned something that needs a person’s approval.`,
        time: one.completedAt,
        link: { to: "/runs/$runId", params: { runId: one.id } },
      });
  }
  const open = disagreements.data?.length ?? 0;
  if (open > 0)
    items.push({
      key: "adjudication",
      tone: "warn",
      word: "To settle",
      text: `Annotators disagree about ${plural(open, "example")}${open === 50 ? " or more" : ""}.`,
      time: null,
      link: { to: "/adjudication" },
    });
  return items.sort((a, b) => (b.time ?? "").localeCompare(a.time ?? ""));
}

/** What waits for a person, newest first. */
export function Attention({ agents }: { agents: readonly Agent[] }): JSX.Element {
  const items = useItems(agents);
  return (
    <Card title="Needs a person">
      {items === undefined ? (
        <div className="attention-space">
          <SkeletonText lines={3} />
        </div>
      ) : items.length === 0 ? (
        <p className="soft attention-space">
          <span className="good" aria-hidden="true">
            ✓{" "}
          </span>
          Nothing waits for a decision.
        </p>
      ) : (
        <ul className="attention-list attention-space">
          {items.slice(0, SHOWN).map(({ key, tone, word, text, time, link }) => (
            <li key={key}>
              <Link {...link}>
                <Badge tone={tone}>{word}</Badge>
                <span className="clip grow">{text}</span>
                <span className="small faint">
                  <RelativeTime time={time} />
                </span>
              </Link>
            </li>
          ))}
          {items.length > SHOWN ? (
            <li className="small faint attention-more">and {items.length - SHOWN} more</li>
          ) : null}
        </ul>
      )}
    </Card>
  );
}
