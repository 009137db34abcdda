import { FeedbackCollector } from "@agent-learning/react";
import { LearningProvider, useLearningStats } from "@agent-learning/react/query";
import "@agent-learning/react/styles.css";
import { useState } from "react";
import { createRoot } from "react-dom/client";

// Recorded by your agent, through the SDK: `curl -X POST localhost:8000/api/learning/executions …` makes one by hand.
const execution = { id: "abc-123", output: "The filing deadline is 15 March." };

function Metrics() {
  const { data: stats, error } = useLearningStats();
  if (error !== null) return <p>{error.message}</p>;
  return (
    <p>
      {stats?.pendingAnnotations} annotations pending, {stats?.totalExamples} examples
    </p>
  );
}

function App() {
  const [key, setKey] = useState("");
  return (
    <main>
      <p>{execution.output}</p>
      <FeedbackCollector executionId={execution.id} agentId="my-agent" agentOutput={execution.output} />
      <label>
        A member&apos;s key, for the numbers{" "}
        <input type="password" value={key} onChange={({ target }) => setKey(target.value)} />
      </label>
      {key !== "" && (
        <LearningProvider apiKey={key}>
          <Metrics key={key} />
        </LearningProvider>
      )}
    </main>
  );
}

createRoot(document.querySelector("#root")!).render(<App />);
