import type { LinkProps } from "@tanstack/react-router";
import type { Role } from "../api/types.ts";

export interface Destination {
  to: LinkProps["to"];
  label: string;
  /** Second key after `g`. */
  key: string;
  /** Other words that people search for. */
  words: string;
  needs?: Role;
}

export interface Section {
  title: string;
  destinations: readonly Destination[];
}

/** The loop, in its order. */
export const SECTIONS: readonly Section[] = [
  {
    title: "",
    destinations: [{ to: "/", label: "Overview", key: "o", words: "dashboard home health stats" }],
  },
  {
    title: "Collect",
    destinations: [
      { to: "/feedback", label: "Feedback", key: "f", words: "votes issues corrections ratings" },
      { to: "/executions", label: "Executions", key: "x", words: "runs requests traces errors" },
    ],
  },
  {
    title: "Curate",
    destinations: [
      {
        to: "/admin/learning/annotation",
        label: "Annotation",
        key: "n",
        words: "queue review approve reject",
      },
      { to: "/queues", label: "Queues", key: "q", words: "annotation guidelines overlap throughput pace" },
      { to: "/adjudication", label: "Adjudication", key: "j", words: "disagreement conflict settle" },
      {
        to: "/agreement",
        label: "Agreement",
        key: "y",
        words: "krippendorff alpha gwet inter annotator reliability",
      },
      {
        to: "/annotators",
        label: "Annotators",
        key: "w",
        words: "trust gold known answers weight people annotations",
      },
      {
        to: "/suspicions",
        label: "Suspicions",
        key: "s",
        words: "trust quarantine poisoned flood held back",
        needs: "reviewer",
      },
      { to: "/examples", label: "Examples", key: "e", words: "learning examples lineage" },
      { to: "/datasets", label: "Datasets", key: "d", words: "freeze card splits" },
    ],
  },
  {
    title: "Learn",
    destinations: [
      {
        to: "/behavior",
        label: "Behaviour",
        key: "h",
        words: "patterns tools workflow graph experts rules sequential directly follows",
      },
      { to: "/runs", label: "Training runs", key: "t", words: "optimise prompt jobs" },
      {
        to: "/retrieval",
        label: "Retrieval",
        key: "v",
        words: "rag search chunks ranking spot checks documents chunking",
      },
      { to: "/budget", label: "Budget", key: "b", words: "spending cost tokens calls limits money" },
    ],
  },
  {
    title: "Evaluate",
    destinations: [
      { to: "/gate", label: "Release gate", key: "g", words: "regression safety report candidate checks" },
      { to: "/regression-cases", label: "Regression cases", key: "c", words: "pinned cases slices flaky" },
      { to: "/experiments", label: "Experiments", key: "p", words: "ab test lift significance" },
    ],
  },
  {
    title: "Deploy",
    destinations: [{ to: "/rollouts", label: "Rollouts", key: "r", words: "canary rollback guardrails" }],
  },
  {
    title: "Administer",
    destinations: [
      {
        to: "/agents",
        label: "Agents and policies",
        key: "a",
        words: "versions thresholds prompts settings",
      },
      {
        to: "/members",
        label: "Members and roles",
        key: "m",
        words: "people users issue categories personal data erase export",
      },
      { to: "/keys", label: "API keys", key: "k", words: "secret publishable revoke token", needs: "admin" },
      { to: "/audit", label: "Audit", key: "u", words: "log history who", needs: "reviewer" },
    ],
  },
];
