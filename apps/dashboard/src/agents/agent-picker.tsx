import { useNavigate, useRouterState } from "@tanstack/react-router";
import type { JSX } from "react";
import { useCurrentAgent } from "./use-current-agent.ts";

/** Which agent the pages are about; the overview may be about all. */
export function AgentPicker(): JSX.Element {
  const navigate = useNavigate();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { agents, agent, chosen } = useCurrentAgent();
  const overview = path === "/";
  if (agents === undefined) return <span className="agent-picker" />;
  return (
    <select
      className="agent-picker"
      aria-label="Agent"
      value={overview && !chosen ? "" : (agent?.slug ?? "")}
      onChange={(event) =>
        void navigate({
          to: ".",
          search: (before: Record<string, unknown>) => ({
            ...before,
            agent: event.target.value === "" ? undefined : event.target.value,
          }),
        })
      }
    >
      {overview || agents.length === 0 ? <option value="">All agents</option> : null}
      {agents.map(({ slug, name }) => (
        <option key={slug} value={slug}>
          {name}
        </option>
      ))}
    </select>
  );
}
