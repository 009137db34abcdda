export { type Application, composeServer, composeServices, startApplication } from "./compose.ts";
export { type Config, ConfigError, readConfig } from "./config.ts";
