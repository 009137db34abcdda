"use client";

import { FeedbackCollector, type FeedbackTokenRequest, LearningProvider } from "@agent-learning/react";

/** This application's own server asks the learning server for a token: the secret key never leaves it. */
async function getToken({ executionId }: FeedbackTokenRequest): Promise<string> {
  const response = await fetch("/api/feedback-token", {
    method: "POST",
    body: JSON.stringify({ executionId }),
  });
  if (!response.ok) throw new Error("There is no feedback token at the moment");
  return ((await response.json()) as { token: string }).token;
}

const LEARNING_URL = process.env.NEXT_PUBLIC_LEARNING_URL ?? "http://127.0.0.1:8000";

export function Feedback({ executionId, output }: { executionId: string; output: string }) {
  return (
    <LearningProvider baseUrl={LEARNING_URL} getToken={getToken}>
      <FeedbackCollector executionId={executionId} agentId="my-agent" agentOutput={output} />
    </LearningProvider>
  );
}
