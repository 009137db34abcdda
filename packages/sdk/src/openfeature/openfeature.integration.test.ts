import {
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  type JsonValue,
  OpenFeature,
  type Provider,
  ProviderEvents,
} from "@openfeature/server-sdk";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ServingConfiguration } from "@agent-learning/contract";
import { afterEach, describe, expect, it } from "vitest";
import { createLearning, type Learning } from "../index.ts";
import { V1, V2, wireExperiment, wireServing, wireSplit, wireVersion } from "../serving/serving.testing.ts";
import { type FakeServer, startFakeServer } from "../testing/fake-server.ts";
import { readScenarios, runScenario, type StepDefinition } from "../testing/gherkin.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { createLearningProvider } from "./index.ts";

/** The flags that the specification's scenarios ask for, as parameters of two versions. */
function specificationFlags(contextAware: object): Record<string, JsonValue> {
  return {
    "boolean-flag": { variant: "on", value: true },
    "string-flag": { variant: "greeting", value: "hi" },
    "integer-flag": { variant: "ten", value: 10 },
    "float-flag": { variant: "half", value: 0.5 },
    "object-flag": {
      variant: "template",
      value: { showImages: true, title: "Check out these pics!", imagesPerPage: 100 },
    },
    "context-aware": contextAware as JsonValue,
    "wrong-flag": true,
    "metadata-flag": {
      variant: "on",
      value: true,
      metadata: { string: "1.0.2", integer: 2, double: 0.1, boolean: true },
    },
    "changing-flag": 1,
  };
}

/** Version 2 answers every unit of an experiment; who is nobody gets version 1. */
function specificationServing(): ServingConfiguration {
  const versions = [V1, V2].map((id, i) => {
    const version = wireVersion(id, i + 1);
    const flag =
      i === 0 ? { variant: "external", value: "EXTERNAL" } : { variant: "internal", value: "INTERNAL" };
    return [id, { ...version, config: { ...version.config, parameters: specificationFlags(flag) } }] as const;
  });
  const experiment = wireExperiment();
  return wireServing({
    versions: Object.fromEntries(versions),
    split: { ...experiment, arms: [{ name: "treatment", version_id: V2, start: 0, end: 1 }] },
  });
}

interface World {
  server: FakeServer;
  learning: Learning;
  provider: Provider;
  client: Client;
  context: EvaluationContext;
  flag: { type: string; key: string; fallback: string };
  details: EvaluationDetails<FlagValue> | undefined;
  events: { name: string; flagsChanged: string[] }[];
  hooks: { stage: string; details: EvaluationDetails<FlagValue> | undefined }[];
  tracked: string[];
  errors: string[];
}

const open: World[] = [];
let domains = 0;

async function openWorld(): Promise<World> {
  const server = await startFakeServer();
  server.serving = specificationServing();
  const learning = createLearning({
    baseUrl: server.url,
    key: "als_sk_x",
    agentId: "my-agent",
    directory: await temporaryFolder(),
    onError: () => undefined,
  });
  const errors: string[] = [];
  const provider = createLearningProvider({
    learning,
    unit: (context) => context["customer"] ?? context.targetingKey,
    readyTimeoutMilliseconds: 2_000,
    staleAfterMilliseconds: 300,
    onError: ({ message }) => errors.push(message),
  });
  const tracked: string[] = [];
  const track = provider.track?.bind(provider);
  provider.track = (event, context, details) => {
    tracked.push(event);
    track?.(event, context, details);
  };
  domains += 1;
  const client = OpenFeature.getClient(`specification-${domains}`);
  const world: World = {
    server,
    learning,
    provider,
    client,
    context: {},
    flag: { type: "string", key: "", fallback: "" },
    details: undefined,
    events: [],
    hooks: [],
    tracked,
    errors,
  };
  open.push(world);
  return world;
}

const setProvider = async ({ client, provider }: World): Promise<void> =>
  OpenFeature.setProviderAndWait(client.metadata.domain ?? "", provider);

afterEach(async () => {
  await OpenFeature.close();
  for (const { server } of open.splice(0)) await server.close();
});

/** Asks for the flag in the type that the scenario names. */
async function evaluate(world: World): Promise<void> {
  const { client, context } = world;
  const { type, key, fallback } = world.flag;
  const kind = type.toLowerCase();
  if (kind === "boolean") world.details = await client.getBooleanDetails(key, fallback === "true", context);
  else if (kind === "integer" || kind === "float") {
    world.details = await client.getNumberDetails(key, Number(fallback), context);
  } else if (kind === "object") {
    world.details = await client.getObjectDetails(key, JSON.parse(fallback) as JsonValue, context);
  } else world.details = await client.getStringDetails(key, fallback, context);
}

const ask = async (world: World, type: string, key: string, fallback: string): Promise<void> => {
  world.flag = { type, key, fallback };
  await evaluate(world);
};

const listen = (world: World, name: string): void => {
  const event = { PROVIDER_READY: ProviderEvents.Ready, PROVIDER_ERROR: ProviderEvents.Error }[name];
  world.client.addHandler(event ?? ProviderEvents.ConfigurationChanged, (details) => {
    const flagsChanged =
      details !== undefined && "flagsChanged" in details ? details.flagsChanged : undefined;
    world.events.push({ name, flagsChanged: (flagsChanged as string[] | undefined) ?? [] });
  });
};

const recordingHook = (world: World): Hook => ({
  before: () => void world.hooks.push({ stage: "before", details: undefined }),
  after: (_context, details) => void world.hooks.push({ stage: "after", details }),
  error: () => void world.hooks.push({ stage: "error", details: undefined }),
  finally: (_context, details) => void world.hooks.push({ stage: "finally", details }),
});

/** As the scenarios write it. */
const shown = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

const STEPS: readonly StepDefinition<World>[] = [
  [/^a stable provider$/, setProvider],
  [/^a provider is registered$/, setProvider],
  [/^a provider which supports events and requires initialization$/, () => undefined],
  [/^a client with added hook$/, (world) => void world.client.addHooks(recordingHook(world))],
  [
    /^an? (boolean|string|integer|float)-flag with key "(.*)" and a default value "(.*)"$/i,
    (world, [type = "", key = "", fallback = ""]) => void (world.flag = { type, key, fallback }),
  ],
  [/^the flag was evaluated with details$/, evaluate],
  [
    /^an? (boolean|string|integer|float) flag with key "(.*)" is evaluated with (?:details and )?default value "?([^"]*)"?$/,
    async (world, [type = "", key = "", fallback = ""]) => ask(world, type, key, fallback),
  ],
  [
    /^an object flag with key "(.*)" is evaluated with (?:details and )?a null default value$/,
    async (world, [key = ""]) => ask(world, "object", key, "null"),
  ],
  [
    /^a flag with key "(.*)" is evaluated with default value "(.*)"$/,
    async (world, [key = "", fallback = ""]) => ask(world, "string", key, fallback),
  ],
  [
    /^a non-existent string flag with key "(.*)" is evaluated with details and a default value "(.*)"$/,
    async (world, [key = "", fallback = ""]) => ask(world, "string", key, fallback),
  ],
  [
    /^a string flag with key "(.*)" is evaluated as an integer, with details and a default value (.*)$/,
    async (world, [key = "", fallback = ""]) => ask(world, "integer", key, fallback),
  ],
  [
    /^context contains keys "(.*)", "(.*)", "(.*)", "(.*)" with values "(.*)", "(.*)", (\d+), "(.*)"$/,
    (world, [a = "", b = "", c = "", d = "", va = "", vb = "", vc = "", vd = ""]) =>
      void (world.context = { [a]: va, [b]: vb, [c]: Number(vc), [d]: vd }),
  ],
  [
    /^the resolved (?:boolean|string|integer|float) (?:value|response) should be "?([^"]*)"?$/,
    ({ details }, [value]) => expect(shown(details?.value)).toBe(value),
  ],
  [
    /^the resolved \w+ details value should be "?([^"]*)"?, the variant should be "(.*)", and the reason should be "(.*)"$/,
    ({ details }, [value, variant, reason]) => {
      expect(shown(details?.value)).toBe(value);
      expect(details).toMatchObject({ variant, reason });
    },
  ],
  [
    /^the resolved object (?:details )?value should be contain fields "(.*)", "(.*)", and "(.*)", with values "(.*)", "(.*)" and (\d+), respectively$/,
    ({ details }, [a = "", b = "", c = "", va = "", vb = "", vc = ""]) =>
      expect(details?.value).toEqual({ [a]: JSON.parse(va), [b]: vb, [c]: Number(vc) }),
  ],
  [
    /^the variant should be "(.*)", and the reason should be "(.*)"$/,
    ({ details }, [variant, reason]) => expect(details).toMatchObject({ variant, reason }),
  ],
  [
    /^the resolved flag value is "(.*)" when the context is empty$/,
    async (world, [value]) => {
      world.context = {};
      await evaluate(world);
      expect(world.details?.value).toBe(value);
    },
  ],
  [
    /^the default (?:string|integer) value should be returned$/,
    ({ details, flag }) => expect(shown(details?.value)).toBe(flag.fallback),
  ],
  [
    /^the reason should indicate an error and the error code should indicate .* with "(.*)"$/,
    ({ details }, [errorCode]) => expect(details).toMatchObject({ reason: "ERROR", errorCode }),
  ],
  [
    /^the "(\w+)" hook should have been executed$/,
    ({ hooks }, [stage]) => expect(hooks.map((hook) => hook.stage)).toContain(stage),
  ],
  [
    /^the "(.*)" hooks should be called with evaluation details$/,
    ({ hooks }, [stages = ""], table) => {
      const names = { flag_key: "flagKey", error_code: "errorCode" } as Record<string, string>;
      for (const stage of stages.split(", ")) {
        const details = hooks.find((hook) => hook.stage === stage)?.details as
          | Record<string, unknown>
          | undefined;
        const seen = table.map(({ key = "" }) => [key, shown(details?.[names[key] ?? key] ?? "None")]);
        expect(seen).toEqual(table.map(({ key, value }) => [key, value]));
      }
    },
  ],
  [
    /^the resolved metadata should contain$/,
    ({ details }, _values, table) => {
      const types = {
        String: String,
        Integer: Number,
        Double: Number,
        Boolean: (text: string) => text === "true",
      };
      for (const { key = "", metadata_type: type = "", value = "" } of table) {
        expect(details?.flagMetadata[key]).toBe(types[type as keyof typeof types](value));
      }
    },
  ],
  [/^a (PROVIDER_\w+) handler is attached$/, (world, [name = ""]) => listen(world, name)],
  [/^the provider is set and successully initialized$/, setProvider],
  [
    /^the provider is set and fails to initialize$/,
    async (world) => {
      world.server.misbehave = ({ response }) => response.writeHead(503).end() !== undefined;
      await expect(setProvider(world)).rejects.toThrow("no configuration is known");
    },
  ],
  [
    /^a flag with key "(.*)" is modified$/,
    async (world, [key = ""]) => {
      await setProvider(world);
      const serving = structuredClone(world.server.serving);
      for (const version of Object.values(serving.versions)) version.config.parameters[key] = 2;
      // Asked for already: the answer to the open question is the change.
      await expect.poll(() => world.server.exchanges.length).toBeGreaterThan(1);
      world.server.serving = { ...serving, revision: serving.revision + 1 };
    },
  ],
  [
    /^the (PROVIDER_\w+) handler must run$/,
    async ({ events }, [name]) => expect.poll(() => events.map((event) => event.name)).toContain(name),
  ],
  [
    /^the event details must indicate "(.*)" was altered$/,
    ({ events }, [key]) => expect(events.flatMap((event) => event.flagsChanged)).toContain(key),
  ],
  [
    /^an event was tracked with tracking event name "(.*)"$/,
    (world, [name = ""]) => world.client.track(name, {}, { executionId: "run-1" }),
  ],
  [
    /^nothing should have been tracked$/,
    async ({ server, learning }) => {
      await learning.flush();
      expect(server.feedback.size).toBe(0);
    },
  ],
  [/^the tracking operation shall error$/, ({ errors }) => expect(errors).toHaveLength(1)],
  [
    /^the tracking provider should have been called with event name "(.*)"$/,
    ({ tracked }, [name]) => expect(tracked).toEqual([name]),
  ],
];

/** What we do otherwise on purpose. */
const DIFFERENT: Record<string, string> = {
  "Returns no metadata": "every flag says which version, revision and arm it comes from",
};

const FEATURES = ["evaluation", "hooks", "metadata", "events", "tracking"];

/** The folder `specification/assets/gherkin` of a checkout of github.com/open-feature/spec: its scenarios are not ours to carry. */
const SPECIFICATION = process.env["OPENFEATURE_SPECIFICATION"];

describe.runIf(SPECIFICATION)(
  "the specification's scenarios (OPENFEATURE_SPECIFICATION names their folder)",
  () => {
    describe.each(SPECIFICATION === undefined ? [] : FEATURES)("%s.feature", (feature) => {
      const scenarios = readScenarios(pathToFileURL(join(SPECIFICATION ?? "", `${feature}.feature`)));
      it.each(
        scenarios
          .filter(({ name }) => !(name in DIFFERENT))
          .map((scenario, i) => [scenario.name, i, scenario] as const),
      )("%s (%i)", async (_name, _index, scenario) => {
        // Each step expects by itself; one that is not defined throws.
        await expect(runScenario(scenario, STEPS, await openWorld())).resolves.toBeUndefined();
      });
    });
  },
);

describe("what every provider does", () => {
  it("gives each type its value with variant and reason", async () => {
    const world = await openWorld();
    await setProvider(world);
    const { client } = world;
    const user = { targetingKey: "user-1" };
    // Equal in every version that may be served: the split does not matter.
    const same = { reason: "STATIC" };
    expect(await client.getBooleanDetails("boolean-flag", false, user)).toMatchObject({
      value: true,
      variant: "on",
      ...same,
    });
    expect(await client.getStringDetails("string-flag", "", user)).toMatchObject({
      value: "hi",
      variant: "greeting",
      ...same,
    });
    expect(await client.getNumberDetails("integer-flag", 0, user)).toMatchObject({
      value: 10,
      variant: "ten",
      ...same,
    });
    expect(await client.getNumberDetails("float-flag", 0, user)).toMatchObject({
      value: 0.5,
      variant: "half",
      ...same,
    });
    expect(await client.getObjectValue("object-flag", {}, user)).toMatchObject({ imagesPerPage: 100 });
  });

  it("gives the default and says why for a flag that is missing or of another type", async () => {
    const world = await openWorld();
    await setProvider(world);
    const { client } = world;
    world.client.addHooks(recordingHook(world));
    expect(await client.getStringDetails("no-such-flag", "spare")).toMatchObject({
      value: "spare",
      reason: "ERROR",
      errorCode: "FLAG_NOT_FOUND",
    });
    expect(await client.getNumberDetails("string-flag", 13)).toMatchObject({
      value: 13,
      reason: "ERROR",
      errorCode: "TYPE_MISMATCH",
    });
    expect(world.hooks.map(({ stage }) => stage)).toEqual([
      "before",
      "error",
      "finally",
      "before",
      "error",
      "finally",
    ]);
  });

  it("answers by the context, runs hooks, tells of changes", async () => {
    const world = await openWorld();
    await setProvider(world);
    world.client.addHooks(recordingHook(world));
    expect(await world.client.getStringValue("context-aware", "")).toBe("EXTERNAL");
    expect(await world.client.getStringValue("context-aware", "", { customer: "anna" })).toBe("INTERNAL");
    expect(world.hooks.map(({ stage }) => stage)).toEqual([
      "before",
      "after",
      "finally",
      "before",
      "after",
      "finally",
    ]);
    listen(world, "PROVIDER_CONFIGURATION_CHANGED");
    await expect.poll(() => world.server.exchanges.length).toBeGreaterThan(1);
    const serving = structuredClone(world.server.serving);
    for (const version of Object.values(serving.versions)) version.config.parameters["changing-flag"] = 2;
    world.server.serving = { ...serving, revision: serving.revision + 1 };
    await expect
      .poll(() => world.events.flatMap(({ flagsChanged }) => flagsChanged))
      .toContain("changing-flag");
  });
});

describe("what the specification leaves to the provider", () => {
  it("gives reason SPLIT, the arm and where it comes from to a unit in an experiment", async () => {
    const world = await openWorld();
    await setProvider(world);
    const details = await world.client.getObjectDetails("my-agent", {}, { targetingKey: "user-1" });
    expect(details).toMatchObject({
      reason: "SPLIT",
      variant: "treatment",
      value: { components: { system_prompt: "prompt 2" } },
      flagMetadata: {
        agent: "my-agent",
        versionId: V2,
        versionNumber: 2,
        splitKind: "experiment",
        arm: "treatment",
      },
    });
    expect(await world.client.getStringDetails("components.system_prompt", "")).toMatchObject({
      reason: "DEFAULT",
      variant: "v1",
      value: "prompt 1",
    });
    expect(await world.client.getNumberDetails("retrieval.top_k", 0)).toMatchObject({
      reason: "STATIC",
      value: 4,
    });
  });

  it("resolves from the last known configuration, also in the next process, with the server away", async () => {
    const server = await startFakeServer();
    server.serving = specificationServing();
    const directory = await temporaryFolder();
    const options = {
      baseUrl: server.url,
      key: "als_sk_x",
      agentId: "my-agent",
      directory,
      onError: () => undefined,
    };
    const before = createLearning(options);
    await before.ready();
    await before.close();
    await server.close();
    await OpenFeature.setProviderAndWait(
      "away",
      createLearningProvider({ learning: createLearning(options) }),
    );
    const client = OpenFeature.getClient("away");
    expect(await client.getStringDetails("context-aware", "", { targetingKey: "user-1" })).toMatchObject({
      value: "INTERNAL",
      reason: "SPLIT",
      variant: "internal",
    });
  });

  it("is stale while the server is silent for long, and ready again when it is back", async () => {
    const world = await openWorld();
    await setProvider(world);
    world.server.misbehave = () => true;
    await expect.poll(() => world.client.providerStatus, { timeout: 5_000 }).toBe("STALE");
    expect(await world.client.getBooleanValue("boolean-flag", false)).toBe(true);
  });

  it("is fatal after it was closed, and not ready while it starts", async () => {
    const world = await openWorld();
    const starting = setProvider(world);
    expect(world.client.providerStatus).toBe("NOT_READY");
    expect(await world.client.getBooleanDetails("boolean-flag", false)).toMatchObject({
      errorCode: "PROVIDER_NOT_READY",
    });
    await starting;
    await world.provider.onClose?.();
    await expect(world.provider.initialize?.()).rejects.toMatchObject({ code: "PROVIDER_FATAL" });
  });

  it("becomes ready when the server comes after the first try failed", async () => {
    const world = await openWorld();
    world.server.misbehave = ({ response }) => response.writeHead(503).end() !== undefined;
    await expect(setProvider(world)).rejects.toThrow("no configuration is known");
    expect(world.client.providerStatus).toBe("ERROR");
    world.server.misbehave = undefined;
    await expect.poll(() => world.client.providerStatus, { timeout: 20_000 }).toBe("READY");
  });

  it.each([
    ["thumbs_up", {}, { feedback_type: "thumbs_up", user_id: "user-1" }],
    ["rating", { value: 4, text: "good" }, { feedback_type: "rating", rating: 4, feedback_text: "good" }],
    ["correction", { text: "Berlin" }, { feedback_type: "correction", correction_text: "Berlin" }],
    ["copied", { userId: "rater" }, { feedback_type: "implicit", signal: "copied", user_id: "rater" }],
  ])("tracks %s as feedback on the execution", async (event, details, sent) => {
    const world = await openWorld();
    await setProvider(world);
    world.client.track(event, { targetingKey: "user-1" }, { executionId: "run-1", ...details });
    expect(await world.learning.flush()).toBe(true);
    expect([...world.server.feedback.values()].map(({ feedback }) => feedback)).toMatchObject([
      { execution_id: "run-1", ...sent },
    ]);
    expect(world.errors).toEqual([]);
  });

  it.each([
    ["purchase", { value: 12.5 }, { metric: "purchase", value: 12.5 }],
    ["Clicked Checkout", {}, { metric: "clicked_checkout", value: 1 }],
    ["spent", { value: 30, denominator: 2, outcomeId: "order-1" }, { outcome_id: "order-1", denominator: 2 }],
  ])("tracks %s as an outcome of the unit where it is", async (event, details, sent) => {
    const world = await openWorld();
    await setProvider(world);
    world.client.track(event, { targetingKey: "user-1" }, details);
    expect(await world.learning.flush()).toBe(true);
    expect([...world.server.outcomes.values()]).toMatchObject([
      { kind: "experiment", id: wireExperiment().id, unit_id: "user-1", ...sent },
    ]);
    expect(world.errors).toEqual([]);
  });

  it("measures nothing of a unit that is in no experiment, and reports what has no unit or no number", async () => {
    const world = await openWorld();
    await setProvider(world);
    await expect.poll(() => world.server.exchanges.length).toBeGreaterThan(1);
    const { serving } = world.server;
    world.server.serving = { ...serving, ...wireSplit(null), revision: serving.revision + 1 };
    await expect.poll(() => world.learning.resolve("user-1").split).toBeNull();
    world.client.track("purchase", { targetingKey: "user-1" }, { value: 1 });
    world.client.track("purchase", {}, { value: 1 });
    world.client.track("purchase", { targetingKey: "user-1" }, { value: Number.NaN });
    expect(await world.learning.flush()).toBe(true);
    expect(world.server.outcomes.size).toBe(0);
    expect(world.errors).toEqual([
      expect.stringContaining("no unit") as string,
      expect.stringContaining("not a finite number") as string,
    ]);
  });

  it("reports an event without an execution", async () => {
    const world = await openWorld();
    await setProvider(world);
    world.client.track("thumbs_up", { targetingKey: "user-1" });
    expect(world.errors[0]).toContain("no executionId");
  });
});
