import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Job {
  submission_id: string;
  entrypoint: string;
  entrypoint_num_gpus?: number;
  metadata: Record<string, string>;
  status: "PENDING" | "RUNNING" | "STOPPED" | "SUCCEEDED" | "FAILED";
  message: string | null;
  process?: ChildProcess;
}

export interface RayCluster {
  url: string;
  token: string;
  jobs: Job[];
  /** Jobs wait for their turn while it is on. */
  full: boolean;
  /** The head answers nothing but errors while it is on. */
  isDown: boolean;
  /** The answer to the next submission is lost on the way. */
  losesAnswer: boolean;
  close(): Promise<void>;
}

/** The jobs API of a Ray cluster on 127.0.0.1, which runs a job's entrypoint by a shell as Ray does. */
export async function startRayCluster(): Promise<RayCluster> {
  const cluster: RayCluster = {
    url: "",
    token: "the-token-of-this-cluster",
    jobs: [],
    full: false,
    isDown: false,
    losesAnswer: false,
    close: async () => {
      for (const job of cluster.jobs) end(job, "SIGKILL");
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const begin = (job: Job): void => {
    job.status = "RUNNING";
    job.process = spawn(job.entrypoint, { shell: true, detached: true, stdio: "ignore" });
    job.process.on("exit", (code) => {
      if (job.status === "STOPPED") return;
      job.status = code === 0 ? "SUCCEEDED" : "FAILED";
      job.message = code === 0 ? null : `Job entrypoint command failed with exit code ${code ?? "none"}`;
    });
  };
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (part: string) => (body += part));
    request.on("end", () => {
      const send = (status: number, value: unknown): void =>
        void response
          .writeHead(status, { "content-type": "application/json" })
          .end(typeof value === "string" ? value : JSON.stringify(value));
      if (request.headers.authorization !== `Bearer ${cluster.token}`)
        return send(401, `Unauthorized: ${request.headers.authorization ?? ""}`);
      // So does Ray, by these headers and some others.
      const isBrowser = Object.keys(request.headers).some((name) =>
        /^(sec-fetch-.*|origin|referer)$/.test(name),
      );
      if (isBrowser && request.method !== "GET")
        return send(405, `'${request.method ?? ""}' method not allowed for browser traffic.`);
      if (cluster.isDown) return send(503, "the head restarts");
      const [, id, verb] = /^\/api\/jobs\/([^/]*)\/?(stop)?$/.exec(request.url ?? "") ?? [];
      const job = cluster.jobs.find((one) => one.submission_id === id);
      if (job?.status === "PENDING" && !cluster.full) begin(job);
      const shown = (one: Job): unknown => ({ ...one, process: undefined });
      if (id === undefined) return send(404, "no such route");
      if (id === "" && request.method === "GET") return send(200, cluster.jobs.map(shown));
      if (id === "") {
        const asked = JSON.parse(body) as Job;
        if (cluster.jobs.some((one) => one.submission_id === asked.submission_id))
          return send(
            500,
            `Traceback: ValueError: Job with submission_id ${asked.submission_id} already exists.`,
          );
        const made: Job = { ...asked, status: "PENDING", message: null };
        cluster.jobs.push(made);
        if (!cluster.full) begin(made);
        if (!cluster.losesAnswer) return send(200, { submission_id: made.submission_id });
        cluster.losesAnswer = false;
        return void request.socket.destroy();
      }
      if (job === undefined) return send(404, `Job ${id} does not exist`);
      if (verb === "stop") {
        if (job.status === "PENDING" || job.status === "RUNNING") job.status = "STOPPED";
        end(job, "SIGTERM");
        return send(200, { stopped: true });
      }
      if (request.method === "DELETE") {
        cluster.jobs.splice(cluster.jobs.indexOf(job), 1);
        return send(200, { deleted: true });
      }
      send(200, shown(job));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cluster.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return cluster;
}

/** Ends a job's processes: those of its own group. */
function end({ process: child }: Job, signal: NodeJS.Signals): void {
  if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It ended in this moment.
  }
}
