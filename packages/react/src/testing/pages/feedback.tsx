import { createRoot } from "react-dom/client";
import { FeedbackCollector } from "../../index.ts";
import "../../../styles/feedback.css";
import "./page.css";

// What the test wants to see, from the page's address.
const wanted = new URLSearchParams(location.search);
const executions = (wanted.get("executions") ?? "").split(",");
document.documentElement.dir = wanted.get("dir") ?? "ltr";
const submitted: string[] = [];
Object.assign(globalThis, { submitted });

createRoot(document.querySelector("#root") as Element).render(
  <>
    <h1>Answers</h1>
    {executions.map((executionId) => (
      <article key={executionId} aria-label={executionId}>
        <p>{wanted.get("output")}</p>
        <FeedbackCollector
          executionId={executionId}
          agentId={wanted.get("agent") ?? "my-agent"}
          agentOutput={wanted.get("output") ?? ""}
          onFeedbackSubmitted={({ feedbackId }) => submitted.push(feedbackId)}
        />
      </article>
    ))}
  </>,
);
