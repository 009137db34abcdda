import { type Application, startApplication } from "../compose.ts";
import { type Config, readConfig } from "../config.ts";

/** What `serve` and `worker` take. */
export interface ServeOptions {
  json?: boolean;
  port?: string;
  host?: string;
}

function configFrom(options: ServeOptions, role: Config["role"] | undefined): Config {
  const config = readConfig({
    ...process.env,
    ...(options.port === undefined ? {} : { PORT: options.port }),
    ...(options.host === undefined ? {} : { HOST: options.host }),
  });
  return role === undefined ? config : { ...config, role };
}

function announce(application: Application, config: Config, json: boolean): void {
  const address = application.server.server.address();
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const url = typeof address === "object" && address !== null ? `http://${host}:${address.port}` : undefined;
  const { generatedKey } = application.bootstrap;
  if (json) {
    process.stdout.write(`${JSON.stringify({ url, role: config.role, admin_key: generatedKey })}\n`);
    return;
  }
  const lines = [
    url === undefined
      ? `Working (${config.role}).`
      : `Agent Learning System on ${url}  (dashboard /, API /api/learning, description /openapi.json)`,
  ];
  if (config.databaseUrl === undefined) {
    lines.push(
      `Embedded database in ${config.dataDirectory}. It survives a killed process but not a power cut: set DATABASE_URL in production.`,
    );
  }
  if (config.model.kind === "none")
    lines.push(
      "No language model is configured: agents of the runtime `demonstrations` learn; model agents need LEARNING_MODEL_URL or LEARNING_MODEL_PATH.",
    );
  if (config.allowClock)
    lines.push(
      "LEARNING_ALLOW_CLOCK=1: an admin can move this server's clock. Never use this in production.",
    );
  if (generatedKey !== undefined)
    lines.push(`Admin key, shown once (it opens the dashboard and the API): ${generatedKey}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Resolves when the process is asked to end. */
function untilSignalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

/** Runs a server, or workers alone, until the process is asked to end. */
export async function runServer(options: ServeOptions, role?: Config["role"]): Promise<void> {
  const config = configFrom(options, role);
  const json = options.json ?? false;
  const signalled = untilSignalled();
  const application = await startApplication(config);
  try {
    if (config.role !== "worker") await application.server.listen({ port: config.port, host: config.host });
    announce(application, config, json);
    const signal = await signalled;
    application.services.log.info("stopping", { signal });
  } finally {
    await application.stop();
  }
}
