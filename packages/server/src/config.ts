import { z } from "zod";

const port = z.coerce.number().int().min(0).max(65_535);

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
  LEARNING_ALLOW_CLOCK: z.enum(["0", "1"]).default("0"),
  LEARNING_TICK_MILLISECONDS: z.coerce.number().int().min(50).max(600_000).default(5_000),
  LEARNING_MODEL_URL: z.url().optional(),
  LEARNING_MODEL: z.string().optional(),
  LEARNING_MODEL_KEY: z.string().optional(),
  LEARNING_MODEL_PATH: z.string().optional(),
  LEARNING_MODEL_THREADS: z.coerce.number().int().min(1).max(1024).optional(),
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
  /** Lets an administrator move learning_now(): the demo and tests only. */
  allowClock: boolean;
  /** How often workers look for due work. */
  tickMilliseconds: number;
  model:
    | { kind: "none" }
    | { kind: "openai-compatible"; url: string; name: string; key: string | undefined }
    | { kind: "gguf"; path: string; threads?: number | undefined };
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
    allowClock: env.LEARNING_ALLOW_CLOCK === "1",
    tickMilliseconds: env.LEARNING_TICK_MILLISECONDS,
    model: readModel(env),
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
