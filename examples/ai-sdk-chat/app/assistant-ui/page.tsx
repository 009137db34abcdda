"use client";

import { FeedbackCollector } from "@agent-learning/react";
import {
  AssistantRuntimeProvider,
  ComposerPrimitive,
  MessagePrimitive,
  ThreadPrimitive,
  useAuiState,
} from "@assistant-ui/react";
import { useChatRuntime } from "@assistant-ui/react-ai-sdk";

function UserMessage() {
  return (
    <MessagePrimitive.Root>
      <MessagePrimitive.Parts />
    </MessagePrimitive.Root>
  );
}

/** The message's id is the execution's: the route that answers gave it. */
function AssistantMessage() {
  const id = useAuiState(({ message }) => message.id);
  const isComplete = useAuiState(({ message }) => message.status?.type === "complete");
  const text = useAuiState(({ message }) =>
    message.parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
  );
  return (
    <MessagePrimitive.Root>
      <MessagePrimitive.Parts />
      {isComplete && <FeedbackCollector executionId={id} agentId="my-agent" agentOutput={text} />}
    </MessagePrimitive.Root>
  );
}

export default function Chat() {
  const runtime = useChatRuntime();
  return (
    <AssistantRuntimeProvider runtime={runtime}>
      <ThreadPrimitive.Root>
        <ThreadPrimitive.Viewport>
          <ThreadPrimitive.Messages components={{ UserMessage, AssistantMessage }} />
        </ThreadPrimitive.Viewport>
        <ComposerPrimitive.Root>
          <ComposerPrimitive.Input aria-label="Message" />
          <ComposerPrimitive.Send>Send</ComposerPrimitive.Send>
        </ComposerPrimitive.Root>
      </ThreadPrimitive.Root>
    </AssistantRuntimeProvider>
  );
}
