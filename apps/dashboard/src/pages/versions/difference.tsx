import { Link } from "@tanstack/react-router";
import { type JSX, useState } from "react";
import type { AgentVersionDifference } from "../../api/types.ts";
import { Button } from "../../components/button.tsx";
import { TextDiff } from "../../components/text-diff.tsx";
import { count } from "../../format/numbers.ts";
import "./difference.css";

const SHOWN = 30;

interface ChangedValue {
  path: string;
  before: unknown;
  after: unknown;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Prompts word by word, settings by value, demonstrations and rules by what came and went. */
export function Difference({ difference }: { difference: AgentVersionDifference }): JSX.Element {
  const { identical, demonstrations, playbook } = difference;
  // Values of any shape: their recursive type is more than the compiler follows.
  const changed = (difference as { changed: unknown }).changed as readonly ChangedValue[];
  if (identical) return <p className="soft">Nothing: both are the same.</p>;
  return (
    <div className="stack">
      {changed.map(({ path, before, after }) => (
        <section key={path} className="stack-tight">
          <h3>
            <code>{path}</code>
          </h3>
          <TextDiff before={asText(before)} after={asText(after)} />
        </section>
      ))}
      {demonstrations.added.length + demonstrations.removed.length === 0 ? null : (
        <Demonstrations title="Demonstrations" difference={demonstrations} />
      )}
      {playbook.added.length + playbook.removed.length + playbook.changed.length === 0 ? null : (
        <section className="stack-tight">
          <h3>Playbook: {count(playbook.kept)} rules kept</h3>
          <ul className="change-list">
            {playbook.added.map((rule) => (
              <Change key={`+${rule.id}`} sign="+" text={rule.text} />
            ))}
            {playbook.removed.map((rule) => (
              <Change key={`-${rule.id}`} sign="−" text={rule.text} />
            ))}
            {playbook.changed.map(({ before, after }) => (
              <li key={`~${after.id}`}>
                <TextDiff before={before.text} after={after.text} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Change({
  sign,
  text,
  output,
  exampleId,
}: {
  sign: "+" | "−";
  text: string;
  output?: string;
  exampleId?: string | undefined;
}): JSX.Element {
  return (
    <li className="change">
      <span className={sign === "+" ? "good" : "bad"} aria-label={sign === "+" ? "added" : "removed"}>
        {sign}
      </span>
      <span className="pre">{text}</span>
      {output === undefined ? null : <span className="soft pre">{output}</span>}
      {exampleId === undefined ? null : (
        <Link to="/examples/$exampleId" params={{ exampleId }} className="small">
          example
        </Link>
      )}
    </li>
  );
}

interface DemonstrationsProps {
  title: string;
  difference: AgentVersionDifference["demonstrations"];
}

function Demonstrations({ title, difference }: DemonstrationsProps): JSX.Element {
  const [all, setAll] = useState(false);
  const rows = [
    ...difference.removed.map((one) => ({ sign: "−" as const, one })),
    ...difference.added.map((one) => ({ sign: "+" as const, one })),
  ];
  return (
    <section className="stack-tight">
      <h3>
        {title}: {count(difference.added.length)} came, {count(difference.removed.length)} went,{" "}
        {count(difference.kept)} kept
      </h3>
      <ul className="change-list">
        {rows.slice(0, all ? rows.length : SHOWN).map(({ sign, one }, index) => (
          <Change
            key={`${sign}${index}`}
            sign={sign}
            text={one.input}
            output={one.output}
            exampleId={(one as { example_id?: string }).example_id}
          />
        ))}
      </ul>
      {rows.length > SHOWN && !all ? (
        <Button onClick={() => setAll(true)}>Show all {count(rows.length)}</Button>
      ) : null}
    </section>
  );
}
