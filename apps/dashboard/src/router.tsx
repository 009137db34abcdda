import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  retainSearchParams,
} from "@tanstack/react-router";
import { compact, daysOf, oneOf, textOf } from "./search-params.ts";
import { NotFound } from "./shell/not-found.tsx";
import { PageError } from "./shell/page-error.tsx";
import { Shell } from "./shell/shell.tsx";

const root = createRootRoute({
  component: Shell,
  notFoundComponent: NotFound,
  errorComponent: PageError,
  validateSearch: ({ agent }: Record<string, unknown>) => compact({ agent: textOf(agent) }),
  search: { middlewares: [retainSearchParams(["agent"])] },
});

const getParentRoute = (): typeof root => root;

const overview = createRoute({
  getParentRoute,
  path: "/",
  validateSearch: ({ days }: Record<string, unknown>) => compact({ days: daysOf(days) }),
  component: lazyRouteComponent(() => import("./pages/overview/overview.tsx"), "Overview"),
});

const feedback = createRoute({
  getParentRoute,
  path: "/feedback",
  validateSearch: ({ type, status, days, issue }: Record<string, unknown>) =>
    compact({
      type: oneOf(type, [
        "thumbs_up",
        "thumbs_down",
        "rating",
        "correction",
        "comment",
        "dimension",
        "implicit",
      ]),
      status: oneOf(status, ["live", "withdrawn", "held", "expired", "all"]),
      days: daysOf(days),
      issue: textOf(issue),
    }),
  component: lazyRouteComponent(() => import("./pages/feedback/feedback.tsx"), "FeedbackPage"),
});

const oneFeedback = createRoute({
  getParentRoute,
  path: "/feedback/$feedbackId",
  component: lazyRouteComponent(() => import("./pages/feedback/one-feedback.tsx"), "OneFeedback"),
});

const executions = createRoute({
  getParentRoute,
  path: "/executions",
  validateSearch: ({ status, version, tool, days }: Record<string, unknown>) =>
    compact({
      status: oneOf(status, ["succeeded", "failed"]),
      version: textOf(version),
      tool: textOf(tool),
      days: daysOf(days),
    }),
  component: lazyRouteComponent(() => import("./pages/executions/executions.tsx"), "Executions"),
});

const execution = createRoute({
  getParentRoute,
  path: "/executions/$executionId",
  component: lazyRouteComponent(() => import("./pages/executions/execution.tsx"), "ExecutionPage"),
});

const annotation = createRoute({
  getParentRoute,
  path: "/admin/learning/annotation",
  validateSearch: ({ type, queue, state }: Record<string, unknown>) =>
    compact({
      type: oneOf(type, [
        "positive",
        "negative",
        "correction",
        "demonstration",
        "edge_case",
        "failure",
        "preference",
      ]),
      queue: textOf(queue),
      state: oneOf(state, ["claimed", "all"]),
    }),
  component: lazyRouteComponent(() => import("./pages/admin/learning/annotation.tsx"), "AnnotationPage"),
});

const queues = createRoute({
  getParentRoute,
  path: "/queues",
  component: lazyRouteComponent(() => import("./pages/queues/queues.tsx"), "Queues"),
});

const queue = createRoute({
  getParentRoute,
  path: "/queues/$queueId",
  validateSearch: ({ days }: Record<string, unknown>) => compact({ days: daysOf(days, 31) }),
  component: lazyRouteComponent(() => import("./pages/queues/queue.tsx"), "QueuePage"),
});

const annotations = createRoute({
  getParentRoute,
  path: "/annotations",
  validateSearch: ({ expert, queue, days, verified }: Record<string, unknown>) =>
    compact({
      expert: textOf(expert),
      queue: textOf(queue),
      days: daysOf(days),
      verified: oneOf(verified, ["yes", "no"]),
    }),
  component: lazyRouteComponent(() => import("./pages/annotations/annotations.tsx"), "Annotations"),
});

const agreement = createRoute({
  getParentRoute,
  path: "/agreement",
  validateSearch: ({ queue }: Record<string, unknown>) => compact({ queue: textOf(queue) }),
  component: lazyRouteComponent(() => import("./pages/agreement/agreement.tsx"), "Agreement"),
});

const annotators = createRoute({
  getParentRoute,
  path: "/annotators",
  component: lazyRouteComponent(() => import("./pages/annotators/annotators.tsx"), "Annotators"),
});

const adjudication = createRoute({
  getParentRoute,
  path: "/adjudication",
  component: lazyRouteComponent(() => import("./pages/adjudication/adjudication.tsx"), "Adjudication"),
});

const behavior = createRoute({
  getParentRoute,
  path: "/behavior",
  validateSearch: ({ days, side, tool, least }: Record<string, unknown>) =>
    compact({
      days: daysOf(days),
      side: oneOf(side, ["experts", "agent"]),
      tool: textOf(tool),
      least: oneOf(textOf(least), ["0", "15", "30"]),
    }),
  component: lazyRouteComponent(() => import("./pages/behavior/behavior.tsx"), "Behavior"),
});

const examples = createRoute({
  getParentRoute,
  path: "/examples",
  validateSearch: ({ review, type, dataset, split }: Record<string, unknown>) =>
    compact({
      dataset: textOf(dataset),
      split: oneOf(split, ["train", "validation", "test"]),
      review: oneOf(review, ["pending", "in_review", "approved", "rejected", "withdrawn"]),
      type: oneOf(type, [
        "positive",
        "negative",
        "correction",
        "demonstration",
        "edge_case",
        "failure",
        "preference",
      ]),
    }),
  component: lazyRouteComponent(() => import("./pages/examples/examples.tsx"), "Examples"),
});

const example = createRoute({
  getParentRoute,
  path: "/examples/$exampleId",
  component: lazyRouteComponent(() => import("./pages/examples/example.tsx"), "ExamplePage"),
});

const datasets = createRoute({
  getParentRoute,
  path: "/datasets",
  validateSearch: ({ status }: Record<string, unknown>) =>
    compact({ status: oneOf(status, ["draft", "frozen", "archived"]) }),
  component: lazyRouteComponent(() => import("./pages/datasets/datasets.tsx"), "Datasets"),
});

const dataset = createRoute({
  getParentRoute,
  path: "/datasets/$datasetId",
  validateSearch: ({ against }: Record<string, unknown>) => compact({ against: textOf(against) }),
  component: lazyRouteComponent(() => import("./pages/datasets/dataset.tsx"), "DatasetPage"),
});

const runs = createRoute({
  getParentRoute,
  path: "/runs",
  validateSearch: ({ status, type }: Record<string, unknown>) =>
    compact({
      status: oneOf(status, ["pending", "running", "paused", "completed", "failed", "cancelled"]),
      type: oneOf(type, [
        "prompt_optimization",
        "rag_training",
        "behavior_learning",
        "supervised_fine_tuning",
        "dpo",
        "rlhf",
        "lora",
      ]),
    }),
  component: lazyRouteComponent(() => import("./pages/runs/runs.tsx"), "Runs"),
});

const run = createRoute({
  getParentRoute,
  path: "/runs/$runId",
  component: lazyRouteComponent(() => import("./pages/runs/run.tsx"), "RunPage"),
});

const retrieval = createRoute({
  getParentRoute,
  path: "/retrieval",
  validateSearch: ({ run: id }: Record<string, unknown>) => compact({ run: textOf(id) }),
  component: lazyRouteComponent(() => import("./pages/retrieval/retrieval.tsx"), "Retrieval"),
});

const budget = createRoute({
  getParentRoute,
  path: "/budget",
  component: lazyRouteComponent(() => import("./pages/budget/budget.tsx"), "Budget"),
});

const experiments = createRoute({
  getParentRoute,
  path: "/experiments",
  validateSearch: ({ status }: Record<string, unknown>) =>
    compact({ status: oneOf(status, ["draft", "running", "paused", "stopped", "decided"]) }),
  component: lazyRouteComponent(() => import("./pages/experiments/experiments.tsx"), "Experiments"),
});

const experiment = createRoute({
  getParentRoute,
  path: "/experiments/$experimentId",
  validateSearch: ({ arm }: Record<string, unknown>) => compact({ arm: textOf(arm) }),
  component: lazyRouteComponent(() => import("./pages/experiments/experiment.tsx"), "ExperimentPage"),
});

const rollouts = createRoute({
  getParentRoute,
  path: "/rollouts",
  validateSearch: ({ status }: Record<string, unknown>) =>
    compact({
      status: oneOf(status, ["pending", "running", "paused", "completed", "rolled_back", "aborted"]),
    }),
  component: lazyRouteComponent(() => import("./pages/rollouts/rollouts.tsx"), "Rollouts"),
});

const rollout = createRoute({
  getParentRoute,
  path: "/rollouts/$rolloutId",
  component: lazyRouteComponent(() => import("./pages/rollouts/rollout.tsx"), "RolloutPage"),
});

const gate = createRoute({
  getParentRoute,
  path: "/gate",
  validateSearch: ({ version }: Record<string, unknown>) => compact({ version: textOf(version) }),
  component: lazyRouteComponent(() => import("./pages/gate/gate.tsx"), "Gate"),
});

const gateRun = createRoute({
  getParentRoute,
  path: "/gate/$runId",
  validateSearch: ({ case: status, slice }: Record<string, unknown>) =>
    compact({ case: textOf(status), slice: textOf(slice) }),
  component: lazyRouteComponent(() => import("./pages/gate/gate-run.tsx"), "GateRun"),
});

const regressionCases = createRoute({
  getParentRoute,
  path: "/regression-cases",
  component: lazyRouteComponent(
    () => import("./pages/regression-cases/regression-cases.tsx"),
    "RegressionCases",
  ),
});

const suspicions = createRoute({
  getParentRoute,
  path: "/suspicions",
  validateSearch: ({ status, detector }: Record<string, unknown>) =>
    compact({
      status: oneOf(status, ["open", "released", "confirmed"]),
      detector: oneOf(detector, ["burst", "contradiction", "cohort", "campaign"]),
    }),
  component: lazyRouteComponent(() => import("./pages/suspicions/suspicions.tsx"), "Suspicions"),
});

const organization = createRoute({
  getParentRoute,
  path: "/members",
  component: lazyRouteComponent(() => import("./pages/organization/organization.tsx"), "Organization"),
});

const keys = createRoute({
  getParentRoute,
  path: "/keys",
  component: lazyRouteComponent(() => import("./pages/keys/keys.tsx"), "Keys"),
});

const agents = createRoute({
  getParentRoute,
  path: "/agents",
  component: lazyRouteComponent(() => import("./pages/agents/agents.tsx"), "Agents"),
});

const agent = createRoute({
  getParentRoute,
  path: "/agents/$agentSlug",
  component: lazyRouteComponent(() => import("./pages/agents/agent.tsx"), "AgentPage"),
});

const version = createRoute({
  getParentRoute,
  path: "/agents/$agentSlug/versions/$versionId",
  validateSearch: ({ against }: Record<string, unknown>) => compact({ against: textOf(against) }),
  component: lazyRouteComponent(() => import("./pages/versions/version.tsx"), "VersionPage"),
});

const audit = createRoute({
  getParentRoute,
  path: "/audit",
  validateSearch: ({ entity, id }: Record<string, unknown>) =>
    compact({ entity: textOf(entity), id: textOf(id) }),
  component: lazyRouteComponent(() => import("./pages/audit/audit.tsx"), "Audit"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    overview,
    feedback,
    oneFeedback,
    executions,
    execution,
    annotation,
    adjudication,
    queues,
    queue,
    annotations,
    agreement,
    annotators,
    behavior,
    examples,
    example,
    datasets,
    dataset,
    runs,
    run,
    retrieval,
    budget,
    experiments,
    experiment,
    gate,
    gateRun,
    regressionCases,
    suspicions,
    rollouts,
    rollout,
    organization,
    keys,
    agents,
    agent,
    version,
    audit,
  ]),
  defaultPreload: "intent",
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
