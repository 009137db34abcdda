import type { JSX } from "react";
import type { AgentVersion } from "../../api/types.ts";
import { Card } from "../../components/card.tsx";
import { TextBlock } from "../../components/text-block.tsx";
import { humanise } from "../../format/words.ts";

/** The texts that the agent is made of, as they are sent to the model. */
export function Prompt({ version }: { version: AgentVersion }): JSX.Element | null {
  const components = Object.entries(version.config.components);
  if (components.length === 0) return null;
  return (
    <Card title="Prompt">
      <div className="stack">
        {components.map(([name, text]) => (
          <div key={name} className="stack-tight">
            <h3>{humanise(name)}</h3>
            <TextBlock text={text} />
          </div>
        ))}
      </div>
    </Card>
  );
}
