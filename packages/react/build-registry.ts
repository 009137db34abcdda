// Writes registry/*.json, the shadcn registry items, from registry/source. Run: npm run generate:registry
import { readFileSync, writeFileSync } from "node:fs";

interface RegistryFile {
  path: string;
  type: "registry:component" | "registry:hook";
  target: string;
  content: string;
}

export interface RegistryItem {
  $schema: string;
  name: string;
  type: "registry:block" | "registry:component";
  title: string;
  description: string;
  dependencies: string[];
  files: RegistryFile[];
}

const SCHEMA = "https://ui.shadcn.com/schema/registry-item.json";
const folder = new URL("registry/", import.meta.url);

function fileOf(target: string): RegistryFile {
  const path = `source/${target}`;
  // A page is a component to the tool: it leaves pages out where it does not know the framework.
  const type = target.startsWith("hooks/") ? "registry:hook" : "registry:component";
  return { path, type, target, content: readFileSync(new URL(path, folder), "utf8") };
}

/** The items, each with its files' text. */
export function registryItems(): RegistryItem[] {
  const widget = "components/learning/FeedbackCollector.tsx";
  return [
    {
      $schema: SCHEMA,
      name: "feedback-collector",
      type: "registry:component",
      title: "FeedbackCollector",
      description: "Feedback on an agent's answer: thumbs, reasons, stars, dimensions, a correction.",
      dependencies: ["@agent-learning/react"],
      files: [fileOf(widget)],
    },
    {
      $schema: SCHEMA,
      name: "learning",
      type: "registry:block",
      title: "Agent Learning System",
      description: "The feedback widget, the learning dashboard, the annotation page, and their hooks.",
      dependencies: ["@agent-learning/react", "@tanstack/react-query"],
      files: [
        widget,
        "components/learning/LearningDashboard.tsx",
        "hooks/useLearning.ts",
        "hooks/learning/useFeedback.ts",
        "pages/admin/learning/annotation.tsx",
      ].map(fileOf),
    },
  ];
}

/** File name to text, as they are kept. */
export function registryTexts(): Map<string, string> {
  const items = registryItems();
  const index = {
    $schema: "https://ui.shadcn.com/schema/registry.json",
    name: "agent-learning",
    homepage: "https://www.npmjs.com/package/@agent-learning/react",
    items: items.map(({ $schema: _schema, files, ...item }) => ({
      ...item,
      files: files.map(({ content: _content, ...file }) => file),
    })),
  };
  const text = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ["registry.json", text(index)],
    ...items.map((item): [string, string] => [`${item.name}.json`, text(item)]),
  ]);
}

if (import.meta.main) {
  for (const [name, text] of registryTexts()) writeFileSync(new URL(name, folder), text);
}
