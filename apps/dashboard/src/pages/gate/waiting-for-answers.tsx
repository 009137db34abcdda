import type { JSX } from "react";
import type { EvaluationRunDetails } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { count } from "../../format/numbers.ts";

/** Who has to do what, where only the user's own agent can answer. */
export function WaitingForAnswers({ run }: { run: EvaluationRunDetails }): JSX.Element {
  return (
    <Card title="Waiting for the agent’s answers">
      <div className="stack-tight">
        <p>
          {count(run.pendingAnswers)} are missing. The agent’s own code reads the questions and sends what it
          answers; the report follows by itself.
        </p>
        <pre className="text-block">{`curl ${location.origin}/api/learning/evaluation-runs/${run.id}/questions \\
  -H "Authorization: Bearer $LEARNING_KEY"
curl -X POST ${location.origin}/api/learning/evaluation-runs/${run.id}/answers \\
  -H "Authorization: Bearer $LEARNING_KEY" -H "Content-Type: application/json" \\
  -d '{"answers":[{"question_id":"…","output":"…"}]}'`}</pre>
      </div>
    </Card>
  );
}
