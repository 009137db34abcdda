import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { registryItems, registryTexts } from "../build-registry.ts";

const package_ = join(dirname(fileURLToPath(import.meta.url)), "..");
const root = join(package_, "../..");

/** The parts of https://ui.shadcn.com/schema/registry-item.json that the items use. */
const SCHEMA = {
  type: "object",
  required: ["name", "type"],
  additionalProperties: false,
  properties: {
    $schema: { type: "string" },
    name: { type: "string", pattern: "^[a-z0-9-]+$" },
    type: {
      enum: [
        "registry:block",
        "registry:component",
        "registry:hook",
        "registry:page",
        "registry:file",
        "registry:ui",
      ],
    },
    title: { type: "string" },
    description: { type: "string" },
    dependencies: { type: "array", items: { type: "string" } },
    files: {
      type: "array",
      items: {
        type: "object",
        required: ["path", "type", "content", "target"],
        properties: {
          path: { type: "string" },
          type: { enum: ["registry:component", "registry:hook"] },
          content: { type: "string", minLength: 1 },
          target: { type: "string", pattern: "^(components|hooks|pages)/" },
        },
      },
    },
  },
};

const GUIDE = `
import { FeedbackCollector } from '@/components/learning/FeedbackCollector';
import { LearningDashboard } from '@/components/learning/LearningDashboard';
import { useLearningStats } from '@/hooks/useLearning';
import { useFeedback } from '@/hooks/learning/useFeedback';

declare const execution: { id: string; output: string };
declare const agent: { id: string };

export const snippet = (
  <FeedbackCollector
    executionId={execution.id}
    agentId={agent.id}
    agentOutput={execution.output}
  />
);

export const submitted = (
  <FeedbackCollector
    executionId="abc-123"
    agentId="agent-456"
    agentOutput="Original agent response..."
    onFeedbackSubmitted={() => console.log('Feedback submitted')}
  />
);

export function LearningMetrics() {
  const { data: stats } = useLearningStats();

  return (
    <div>
      <h3>Pending Annotations: {stats?.pendingAnnotations}</h3>
      <h3>Total Examples: {stats?.totalExamples}</h3>
    </div>
  );
}

export function Mine() {
  const { vote, answers } = useFeedback({ executionId: "e", agentId: "a" });
  return <button onClick={() => vote("up")}>{answers.vote}</button>;
}

export const dashboard = <LearningDashboard />;
`;

describe("registry items", () => {
  it("are what their sources say: run npm run generate:registry", () => {
    for (const [name, text] of registryTexts()) {
      expect(JSON.parse(readFileSync(join(package_, "registry", name), "utf8"))).toEqual(JSON.parse(text));
    }
  });

  it.each(registryItems())("$name fits the schema of shadcn", (item) => {
    const validate = new Ajv({ allErrors: true }).compile(SCHEMA);
    expect(validate(item) ? [] : validate.errors).toEqual([]);
  });

  it("make the guide's snippets work in a project of its own", () => {
    const project = mkdtempSync(join(tmpdir(), "als-registry-"));
    try {
      for (const { target, content } of registryItems().flatMap(({ files }) => files)) {
        mkdirSync(join(project, "src", dirname(target)), { recursive: true });
        writeFileSync(join(project, "src", target), content);
      }
      writeFileSync(join(project, "src/guide.tsx"), GUIDE);
      writeFileSync(join(project, "src/css.d.ts"), 'declare module "*.css";\n');
      const compilerOptions = {
        module: "esnext",
        moduleResolution: "bundler",
        target: "es2022",
        lib: ["es2022", "dom"],
        jsx: "react-jsx",
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        types: [],
        paths: { "@/*": ["./src/*"] },
      };
      writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["src"] }));
      mkdirSync(join(project, "node_modules/@agent-learning"), { recursive: true });
      for (const name of ["react", "@types", "@tanstack", "csstype", "zod"]) {
        if (existsSync(join(root, "node_modules", name))) {
          symlinkSync(join(root, "node_modules", name), join(project, "node_modules", name), "dir");
        }
      }
      // The packages as they are published: their built declarations, without the sources.
      for (const name of ["react", "contract"]) {
        const to = join(project, "node_modules/@agent-learning", name);
        cpSync(join(root, "packages", name, "dist"), join(to, "dist"), { recursive: true });
        cpSync(join(root, "packages", name, "package.json"), join(to, "package.json"));
      }
      const tsc = join(root, "node_modules/typescript/bin/tsc");
      expect(() =>
        execFileSync(process.execPath, [tsc, "-p", project], { encoding: "utf8", stdio: "pipe" }),
      ).not.toThrow();
    } finally {
      rmSync(project, { recursive: true, force: true });
    }
  });
});
