import { createLearning, type Learning } from "@agent-learning/sdk";
import { Feedback } from "./feedback";

export const dynamic = "force-dynamic";

let shared: Learning | undefined;

/** One for the process, at the first request: a build has no key. */
function learning(): Learning {
  shared ??= createLearning({
    baseUrl: process.env.LEARNING_URL ?? "http://127.0.0.1:8000",
    key: process.env.LEARNING_KEY ?? "",
    agentId: "my-agent",
  });
  return shared;
}

/** A server component: it answers, records the execution, and hands the answer with its feedback to the page. */
export default async function Page() {
  const execution = { id: crypto.randomUUID(), output: "The filing deadline is 15 March." };
  learning().record({
    executionId: execution.id,
    inputText: "When is the filing deadline?",
    outputText: execution.output,
  });
  return (
    <main>
      <p>{execution.output}</p>
      <Feedback executionId={execution.id} output={execution.output} />
    </main>
  );
}
