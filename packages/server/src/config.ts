import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

/** `*`, or origins as browsers send them, separated by commas. */
function readOrigins(text: string, context: z.RefinementCtx): readonly string[] | "*" {
  const origins = text
    .split(",")
    .map((origin) => origin.trim().toLowerCase())
    .filter((origin) => origin !== "");
  if (origins.includes("*") && origins.length === 1) return "*";
  for (const origin of origins) {
    if (URL.canParse(origin) && new URL(origin).origin === origin) continue;
    context.addIssue({
      code: "custom",
      message: `${JSON.stringify(origin)} is no origin: write https://app.example.com, without a path, or * alone`,
    });
  }
  return origins;
}

// An empty variable counts as unset: shells and compose files produce them.
const environmentSchema = z.object({
  PORT: port.default(8000),
  HOST: z.string().default("127.0.0.1"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" }).optional(),
  LEARNING_DATA_DIR: z.string().default("./.agent-learning"),
  LEARNING_ROLE: z.enum(["all", "api", "worker"]).default("all"),
  LEARNING_ADMIN_KEY: z.string().min(24, "must have at least 24 characters").optional(),
  LEARNING_POOL_SIZE: z.coerce.number().int().min(2).max(200).default(10),
  LEARNING_LOG_LEVEL: z.enum(["silent", "error", "warn", "info", "debug"]).default("info"),
  LEARNING_RATE_LIMIT: z.coerce.number().int().min(0).default(0),
  LEARNING_CORS_ORIGINS: z.string().transform(readOrigins).optional(),
  LEARNING_ALLOW_CLOCK: z.enum(["0", "1"]).default("0"),
  LEARNING_TICK_MILLISECONDS: z.coerce.number().int().min(50).max(600_000).default(5_000),
  LEARNING_MODEL_URL: z.url().optional(),
  LEARNING_MODEL: z.string().optional(),
  LEARNING_MODEL_KEY: z.string().optional(),
  LEARNING_MODEL_PATH: z.string().optional(),
  LEARNING_MODEL_THREADS: z.coerce.number().int().min(1).max(1024).optional(),
  LEARNING_MODEL_INPUT_PRICE: z.coerce.number().min(0).optional(),
  LEARNING_MODEL_OUTPUT_PRICE: z.coerce.number().min(0).optional(),
  LEARNING_TRAINING_DIR: z.string().optional(),
  LEARNING_TRAINER_DIR: z.string().optional(),
  LEARNING_MODEL_TRAINING: z.enum(["0", "1"]).default("0"),
  LEARNING_RAY_URL: z.url({ protocol: /^https?$/, error: "must be an http:// or https:// URL" }).optional(),
  LEARNING_RAY_TOKEN: z.string().optional(),
  LEARNING_RAY_COMMAND: z.string().default("python -m agent_learning_trl"),
  LEARNING_RAY_GPUS: z.coerce.number().min(0).max(1024).default(0),
  LEARNING_EMBEDDING_URL: z.url().optional(),
  LEARNING_EMBEDDING_MODEL: z.string().optional(),
  LEARNING_EMBEDDING_KEY: z.string().optional(),
  LEARNING_EMBEDDING_PATH: z.string().min(1).optional(),
  LEARNING_PRIVATE_WEBHOOKS: z.enum(["0", "1"]).default("0"),
  LEARNING_WEBHOOK_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
});

/** Everything that the environment decides, read once. */
export interface Config {
  port: number;
  host: string;
  databaseUrl: string | undefined;
  dataDirectory: string;
  role: "all" | "api" | "worker";
  adminKey: string | undefined;
  poolSize: number;
  logLevel: "silent" | "error" | "warn" | "info" | "debug";
  /** Requests a second and key; 0 means no limit. */
  rateLimit: number;
  /** Pages of other origins that may call; undefined: any, but only routes for publishable keys and feedback tokens. */
  corsOrigins: readonly string[] | "*" | undefined;
  /** Lets an administrator move learning_now(): the demo and tests only. */
  allowClock: boolean;
  /** How often workers look for due work. */
  tickMilliseconds: number;
  model:
    | { kind: "none" }
    | { kind: "openai-compatible"; url: string; name: string; key: string | undefined }
    | { kind: "gguf"; path: string; threads?: number | undefined };
  /** What a million tokens of the model cost; undefined: nobody said. */
  modelPrice: { input: number; output: number } | undefined;
  embedding:
    | { kind: "openai-compatible"; url: string; name: string; key: string | undefined }
    | { kind: "gguf"; path: string; threads?: number }
    | undefined;
  /**
   * Fine-tuning. `directory`: where trainers work and what they made is kept, default `training` in the data directory; workers on several
   * machines share it. `trainer`: the Python trainer's folder, default the one in this repository. `atEndpoint`: the model's endpoint may
   * be given datasets to train on. `ray`: a cluster that takes jobs, the shell command that is the trainer there, and how many GPUs a run takes.
   */
  training: {
    directory: string | undefined;
    trainer: string | undefined;
    atEndpoint: boolean;
    ray: { url: string; token: string | undefined; command: string; gpus: number } | undefined;
  };
  /** Scorers that users name. `allowPrivate`: also on private addresses and over http. `secret`: their calls are signed with it. */
  webhooks: { allowPrivate: boolean; secret: string | undefined };
  /** Checks every answer against its schema: tests. */
  checkResponses: boolean;
}

/** A variable in the environment has a value that cannot be used. */
export class ConfigError extends Error {
  override name = "ConfigError";
}

/**
 * Reads the configuration from environment variables.
 * @throws ConfigError naming each variable and what is wrong with it
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
    throw new ConfigError(`The environment cannot be used. ${problems.join("; ")}`);
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    databaseUrl: env.DATABASE_URL,
    dataDirectory: env.LEARNING_DATA_DIR,
    role: env.LEARNING_ROLE,
    adminKey: env.LEARNING_ADMIN_KEY,
    poolSize: env.LEARNING_POOL_SIZE,
    logLevel: env.LEARNING_LOG_LEVEL,
    rateLimit: env.LEARNING_RATE_LIMIT,
    corsOrigins: env.LEARNING_CORS_ORIGINS,
    allowClock: env.LEARNING_ALLOW_CLOCK === "1",
    tickMilliseconds: env.LEARNING_TICK_MILLISECONDS,
    model: readModel(env),
    modelPrice: readPrice(env),
    embedding: readEmbedding(env),
    training: {
      directory: env.LEARNING_TRAINING_DIR,
      trainer: env.LEARNING_TRAINER_DIR,
      atEndpoint: env.LEARNING_MODEL_TRAINING === "1",
      ray: readRay(env),
    },
    webhooks: {
      allowPrivate: env.LEARNING_PRIVATE_WEBHOOKS === "1",
      secret: env.LEARNING_WEBHOOK_SECRET,
    },
    checkResponses: false,
  };
}

function readModel(env: z.infer<typeof environmentSchema>): Config["model"] {
  if (env.LEARNING_MODEL_URL !== undefined) {
    if (env.LEARNING_MODEL === undefined) {
      throw new ConfigError(
        "LEARNING_MODEL_URL is set but LEARNING_MODEL is not: name the model that the endpoint serves.",
      );
    }
    return {
      kind: "openai-compatible",
      url: env.LEARNING_MODEL_URL,
      name: env.LEARNING_MODEL,
      key: env.LEARNING_MODEL_KEY,
    };
  }
  return env.LEARNING_MODEL_PATH === undefined
    ? { kind: "none" }
    : { kind: "gguf", path: env.LEARNING_MODEL_PATH, threads: env.LEARNING_MODEL_THREADS };
}

function readRay(env: z.infer<typeof environmentSchema>): Config["training"]["ray"] {
  const { LEARNING_RAY_URL: url, LEARNING_RAY_TOKEN: token, LEARNING_RAY_COMMAND: command } = env;
  return url === undefined ? undefined : { url, token, command, gpus: env.LEARNING_RAY_GPUS };
}

function readPrice(env: z.infer<typeof environmentSchema>): Config["modelPrice"] {
  const { LEARNING_MODEL_INPUT_PRICE: input, LEARNING_MODEL_OUTPUT_PRICE: output } = env;
  return input === undefined && output === undefined ? undefined : { input: input ?? 0, output: output ?? 0 };
}

function readEmbedding(env: z.infer<typeof environmentSchema>): Config["embedding"] {
  if (env.LEARNING_EMBEDDING_URL === undefined) {
    const { LEARNING_EMBEDDING_PATH: path, LEARNING_MODEL_THREADS: threads } = env;
    return path === undefined
      ? undefined
      : { kind: "gguf", path, ...(threads === undefined ? {} : { threads }) };
  }
  if (env.LEARNING_EMBEDDING_PATH !== undefined) {
    throw new ConfigError(
      "LEARNING_EMBEDDING_URL and LEARNING_EMBEDDING_PATH are both set: an endpoint or a GGUF file, not both.",
    );
  }
  if (env.LEARNING_EMBEDDING_MODEL === undefined) {
    throw new ConfigError(
      "LEARNING_EMBEDDING_URL is set but LEARNING_EMBEDDING_MODEL is not: name the model that the endpoint serves.",
    );
  }
  return {
    kind: "openai-compatible",
    url: env.LEARNING_EMBEDDING_URL,
    name: env.LEARNING_EMBEDDING_MODEL,
    key: env.LEARNING_EMBEDDING_KEY,
  };
}
