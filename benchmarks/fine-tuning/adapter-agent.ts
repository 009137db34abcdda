import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AgentVersionConfig } from "@agent-learning/contract";
import { createRoutingAgent, type RoutingAgent } from "../../packages/server/src/demo/routing-agent.ts";
import { ggufModel, type GgufModel } from "../../packages/server/src/models/gguf/gguf-model.ts";

export interface AdapterAgentOptions {
  url: string;
  /** A secret key: an agent that serves adapters fetches them. */
  key: string;
  /** The base model's GGUF. */
  model: string;
  threads: number;
  labels: readonly string[];
  /** Where fetched adapters are kept. */
  folder: string;
}

export interface AdapterAgent extends RoutingAgent {
  /** Adapters that were fetched, by hash. */
  readonly fetched: ReadonlySet<string>;
  dispose(): Promise<void>;
}

interface AdapterReference {
  sha256: string;
  artifact_id: string;
  training_run_id: string;
}

/** An agent of somebody's own that serves trained versions: it fetches a version's adapter, checks its hash and loads it beside the base model. */
export function createAdapterAgent(options: AdapterAgentOptions): AdapterAgent {
  const models: GgufModel[] = [];
  const fetched = new Set<string>();
  const agents = new Map<string, Promise<RoutingAgent>>();

  const fetchAdapter = async (reference: AdapterReference): Promise<string> => {
    const place = join(options.folder, `${reference.sha256}.gguf`);
    if (existsSync(place)) return place;
    const { training_run_id: run, artifact_id: artifact } = reference;
    const answer = await fetch(
      `${options.url}/api/learning/training-runs/by-id/${run}/artifacts/${artifact}/content`,
      { headers: { authorization: `Bearer ${options.key}` } },
    );
    if (!answer.ok) throw new Error(`the adapter cannot be fetched: ${answer.status} ${await answer.text()}`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (createHash("sha256").update(bytes).digest("hex") !== reference.sha256)
      throw new Error("the adapter is not the one that the version names");
    writeFileSync(place, bytes);
    fetched.add(reference.sha256);
    return place;
  };
  const open = async (reference: AdapterReference | null): Promise<RoutingAgent> => {
    const model = await ggufModel(options.model, {
      threads: options.threads,
      ...(reference === null ? {} : { adapterPath: await fetchAdapter(reference) }),
    });
    models.push(model);
    return createRoutingAgent(options.labels, model);
  };
  const agentOf = (config: AgentVersionConfig): Promise<RoutingAgent> => {
    const reference = config.adapter as AdapterReference | null;
    const key = reference?.sha256 ?? "";
    const known = agents.get(key) ?? open(reference);
    agents.set(key, known);
    return known;
  };
  return {
    fetched,
    prepare: async (config, messages, onAnswer) =>
      (await agentOf(config)).prepare(config, messages, onAnswer),
    answer: async (config, unit, message) => (await agentOf(config)).answer(config, unit, message),
    dispose: async () => {
      for (const model of models) await model.dispose();
    },
  };
}
