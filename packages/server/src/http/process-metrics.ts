import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";

/** What this process tells Prometheus about itself. No tenant's name or number is in it. */
export interface ProcessMetrics {
  readonly registry: Registry;
  /** @param route the route's pattern, never the URL: ids would make a series each */
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void;
  observeJob(job: { queue: string; outcome: "completed" | "failed"; seconds: number }): void;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createProcessMetrics(): ProcessMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: "http_server_request_duration_seconds",
    help: "Duration of HTTP requests",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers: [registry],
  });
  const jobs = new Histogram({
    name: "agent_learning_job_duration_seconds",
    help: "Duration of jobs",
    labelNames: ["queue"],
    buckets: [...SECONDS, 60, 300, 1800],
    registers: [registry],
  });
  const outcomes = new Counter({
    name: "agent_learning_jobs_total",
    help: "Jobs by outcome",
    labelNames: ["queue", "outcome"],
    registers: [registry],
  });
  return {
    registry,
    observeRequest: ({ method, route, status, seconds }) =>
      requests.observe({ method, route, status: String(status) }, seconds),
    observeJob: ({ queue, outcome, seconds }) => {
      jobs.observe({ queue }, seconds);
      outcomes.inc({ queue, outcome });
    },
  };
}
