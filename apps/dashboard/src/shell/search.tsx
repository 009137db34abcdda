import { useLearningClient } from "@agent-learning/react/query";
import { useRouter } from "@tanstack/react-router";
import { type JSX, type KeyboardEvent, useEffect, useState } from "react";
import { useCurrentAgent } from "../agents/use-current-agent.ts";
import { Dialog } from "../components/dialog.tsx";
import { findById, type Found } from "./find-by-id.ts";
import { SECTIONS } from "./navigation.ts";
import "./search.css";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function useFound(text: string, agentSlug: string | undefined): Found[] {
  const client = useLearningClient();
  const [found, setFound] = useState<Found[]>([]);
  useEffect(() => {
    setFound([]);
    if (text.length < 3) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      void findById(client, { id: text, agentSlug, isUuid: UUID.test(text), signal: stop.signal }).then(
        (answers) => {
          if (!stop.signal.aborted) setFound(answers);
        },
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, text, agentSlug]);
  return found;
}

/** Pages, agents, and whatever an id belongs to. */
export function Search({ onClose }: { onClose: () => void }): JSX.Element {
  const router = useRouter();
  const { agents = [], agent } = useCurrentAgent();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = text.trim().toLowerCase();
  const found = useFound(text.trim(), agent?.slug);
  const pages: Found[] = SECTIONS.flatMap(({ destinations }) => destinations)
    .filter(({ label, words }) => `${label} ${words}`.toLowerCase().includes(wanted))
    .map(({ to, label }) => ({ kind: "Page", label, to: to as string }));
  const named: Found[] = agents
    .filter(({ slug, name }) => `${slug} ${name}`.toLowerCase().includes(wanted))
    .map(({ slug, name }) => ({ kind: "Agent", label: name, to: `/agents/${slug}` }));
  const results = [...found, ...pages, ...named].slice(0, 12);
  const open = (result: Found | undefined): void => {
    if (result === undefined) return;
    onClose();
    router.history.push(result.to);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setAt((index) => Math.max(0, Math.min(results.length - 1, index + step)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      open(results[at]);
    }
  };
  return (
    <Dialog title="Search" onClose={onClose}>
      <input
        type="search"
        role="combobox"
        aria-label="Search pages, agents and ids"
        aria-expanded="true"
        aria-controls="search-results"
        aria-activedescendant={results[at] === undefined ? undefined : `search-result-${at}`}
        placeholder="A page, an agent, or any id"
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ul id="search-results" role="listbox" aria-label="Results" className="search-results">
        {results.map((result, index) => (
          <li
            key={`${result.kind} ${result.to}`}
            id={`search-result-${index}`}
            role="option"
            aria-selected={index === at}
            onMouseEnter={() => setAt(index)}
            onClick={() => open(result)}
          >
            <span className="clip">{result.label}</span>
            <span className="small faint">{result.kind}</span>
          </li>
        ))}
      </ul>
      {results.length === 0 ? <p className="faint">Nothing has this name or id.</p> : null}
    </Dialog>
  );
}
