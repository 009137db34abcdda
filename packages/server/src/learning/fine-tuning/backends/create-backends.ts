import type { Config } from "../../../config.ts";
import type { TrainingBackend, TrainingBackends } from "./backend.ts";
import { contextBackend } from "./context.ts";
import { createOpenaiBackend } from "./openai/openai-backend.ts";
import { createRayBackend } from "./ray/ray-backend.ts";
import { createTrlBackend } from "./trl/trl-backend.ts";

/** The back ends of a server. One that lacks something is there too, and says what it lacks when it is asked for. */
export function createTrainingBackends(config: Config): TrainingBackends {
  const backends: TrainingBackend[] = [
    contextBackend,
    createTrlBackend(config),
    createOpenaiBackend(config),
    createRayBackend(config),
  ];
  return new Map(backends.map((backend) => [backend.name, backend]));
}
