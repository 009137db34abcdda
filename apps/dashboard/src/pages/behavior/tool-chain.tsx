import { Link } from "@tanstack/react-router";
import { Fragment, type JSX } from "react";
import "./graph.css";

/** Tools in their order. */
export function ToolChain({ tools }: { tools: readonly string[] }): JSX.Element {
  return (
    <span className="tool-chain">
      {tools.map((tool, index) => (
        <Fragment key={index}>
          {index === 0 ? null : <span className="faint">then</span>}
          <code>{tool}</code>
        </Fragment>
      ))}
    </span>
  );
}

/** The runs behind a number: demonstrations of experts, or executions of the agent. */
export function RunLinks({
  ids,
  kind,
  label,
}: {
  ids: readonly string[];
  kind: "example" | "execution";
  label: string;
}): JSX.Element | null {
  if (ids.length === 0) return null;
  return (
    <span>
      {ids.map((id, index) => {
        const name = `${label} ${index + 1}`;
        return (
          <Fragment key={id}>
            {index === 0 ? "" : " "}
            {kind === "example" ? (
              <Link
                to="/examples/$exampleId"
                params={{ exampleId: id }}
                aria-label={name}
                className="run-link"
              >
                {index + 1}
              </Link>
            ) : (
              <Link
                to="/executions/$executionId"
                params={{ executionId: id }}
                aria-label={name}
                className="run-link"
              >
                {index + 1}
              </Link>
            )}
          </Fragment>
        );
      })}
    </span>
  );
}
