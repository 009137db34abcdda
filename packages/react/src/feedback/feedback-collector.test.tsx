import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { FeedbackCollector } from "./feedback-collector.tsx";
import { FeedbackThumbs } from "./parts/feedback-thumbs.tsx";

describe("FeedbackCollector on a server", () => {
  it("renders the guide's snippet without a window, a URL or a token", () => {
    const html = renderToString(
      <FeedbackCollector
        executionId="abc-123"
        agentId="agent-456"
        agentOutput="Original agent response..."
        onFeedbackSubmitted={() => undefined}
      />,
    );
    expect(html).toContain('aria-label="Good answer"');
    expect(html).toContain('aria-pressed="false"');
    expect(html).not.toContain("Undo");
  });

  it("speaks the language that it is given", () => {
    const html = renderToString(
      <FeedbackCollector executionId="e" agentId="a" agentOutput="" labels={{ up: "Gute Antwort" }} />,
    );
    expect(html).toContain("Gute Antwort");
    expect(html).toContain("Bad answer");
  });

  it("says what a part without its root needs", () => {
    expect(() => renderToString(<FeedbackThumbs />)).toThrow("need a FeedbackRoot");
  });
});
