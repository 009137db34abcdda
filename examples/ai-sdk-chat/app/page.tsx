"use client";

import { FeedbackCollector } from "@agent-learning/react";
import { useChat } from "@ai-sdk/react";
import type { UIMessage } from "ai";
import { useState } from "react";

const textOf = ({ parts }: UIMessage): string =>
  parts.map((part) => (part.type === "text" ? part.text : "")).join("");

export default function Chat() {
  const { messages, sendMessage, status } = useChat();
  const [text, setText] = useState("");
  return (
    <main>
      {messages.map((message, index) => (
        <article key={message.id}>
          <p>{textOf(message)}</p>
          {message.role === "assistant" && (status === "ready" || index < messages.length - 1) && (
            <FeedbackCollector executionId={message.id} agentId="my-agent" agentOutput={textOf(message)} />
          )}
        </article>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void sendMessage({ text });
          setText("");
        }}
      >
        <input aria-label="Message" value={text} onChange={({ target }) => setText(target.value)} />
        <button type="submit">Send</button>
      </form>
    </main>
  );
}
