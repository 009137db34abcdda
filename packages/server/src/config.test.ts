import { describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

describe("readConfig", () => {
  it("needs no variable: embedded database, every role, local address, no model", () => {
    expect(readConfig({})).toMatchObject({
      port: 8_000,
      host: "127.0.0.1",
      databaseUrl: undefined,
      dataDirectory: "./.agent-learning",
      role: "all",
      adminKey: undefined,
      poolSize: 10,
      logLevel: "info",
      rateLimit: 0,
      allowClock: false,
      model: { kind: "none" },
      checkResponses: false,
    });
  });

  it("reads what is set", () => {
    const config = readConfig({
      PORT: "9000",
      HOST: "0.0.0.0",
      DATABASE_URL: "postgresql://app@db/learning",
      LEARNING_ROLE: "worker",
      LEARNING_POOL_SIZE: "20",
      LEARNING_ALLOW_CLOCK: "1",
      LEARNING_TICK_MILLISECONDS: "250",
      LEARNING_LOG_LEVEL: "debug",
      UNRELATED: "ignored",
    });
    expect(config).toMatchObject({
      port: 9_000,
      host: "0.0.0.0",
      databaseUrl: "postgresql://app@db/learning",
      role: "worker",
      poolSize: 20,
      allowClock: true,
      tickMilliseconds: 250,
      logLevel: "debug",
    });
  });

  it.each<[string, readonly string[] | "*" | undefined]>([
    ["", undefined],
    ["*", "*"],
    ["https://a.example, http://LOCALHOST:3000", ["https://a.example", "http://localhost:3000"]],
  ])("reads the origins %j", (LEARNING_CORS_ORIGINS, corsOrigins) =>
    expect(readConfig({ LEARNING_CORS_ORIGINS }).corsOrigins).toEqual(corsOrigins),
  );

  it("takes an empty variable for one that is not set", () => {
    expect(
      readConfig({ PORT: "", DATABASE_URL: "", LEARNING_ADMIN_KEY: "", LEARNING_MODEL_URL: "" }),
    ).toEqual(readConfig({}));
  });

  it.each([
    ["PORT", "eighty"],
    ["PORT", "70000"],
    ["PORT", "-1"],
    ["DATABASE_URL", "mysql://root@db/learning"],
    ["DATABASE_URL", "not a url"],
    ["LEARNING_CORS_ORIGINS", "app.example.com"],
    ["LEARNING_CORS_ORIGINS", "https://app.example.com/path"],
    ["LEARNING_CORS_ORIGINS", "*,https://app.example.com"],
    ["LEARNING_ROLE", "boss"],
    ["LEARNING_ADMIN_KEY", "short"],
    ["LEARNING_POOL_SIZE", "1"],
    ["LEARNING_LOG_LEVEL", "loud"],
    ["LEARNING_ALLOW_CLOCK", "yes"],
    ["LEARNING_TICK_MILLISECONDS", "1"],
    ["LEARNING_MODEL_URL", "nowhere"],
  ])("names %s when it is %j", (name, value) => {
    expect(() => readConfig({ [name]: value })).toThrow(ConfigError);
    expect(() => readConfig({ [name]: value })).toThrow(name);
  });

  it("names every variable that is wrong at once, and repeats no value", () => {
    const read = (): unknown =>
      readConfig({ PORT: "x", LEARNING_ADMIN_KEY: "secret", LEARNING_ROLE: "boss" });
    expect(read).toThrow(/PORT.*LEARNING_ROLE.*LEARNING_ADMIN_KEY/);
    expect(read).not.toThrow(/secret/);
  });

  it("takes an OpenAI-compatible endpoint with its model, before a file", () => {
    const endpoint = { LEARNING_MODEL_URL: "http://127.0.0.1:11434/v1", LEARNING_MODEL: "small" };
    expect(readConfig({ ...endpoint, LEARNING_MODEL_PATH: "/models/small.gguf" }).model).toEqual({
      kind: "openai-compatible",
      url: "http://127.0.0.1:11434/v1",
      name: "small",
      key: undefined,
    });
    expect(readConfig({ ...endpoint, LEARNING_MODEL_KEY: "k" }).model).toMatchObject({ key: "k" });
    expect(() => readConfig({ LEARNING_MODEL_URL: endpoint.LEARNING_MODEL_URL })).toThrow(/LEARNING_MODEL/);
  });

  it("takes a model from a file", () => {
    expect(readConfig({ LEARNING_MODEL_PATH: "/models/small.gguf" }).model).toEqual({
      kind: "gguf",
      path: "/models/small.gguf",
    });
    const threads = { LEARNING_MODEL_PATH: "small.gguf", LEARNING_MODEL_THREADS: "2" };
    expect(readConfig(threads).model).toMatchObject({ threads: 2 });
    expect(() => readConfig({ ...threads, LEARNING_MODEL_THREADS: "0" })).toThrow(/LEARNING_MODEL_THREADS/);
  });
});
