import type { Route } from "../http/index.ts";
import { agentRoutes } from "./agents/index.ts";
import { apiKeyRoutes } from "./api-keys/routes.ts";
import { auditRoutes } from "./audit/routes.ts";
import { clockRoutes } from "./clock/routes.ts";
import { identityRoutes } from "./identity/routes.ts";
import { organizationRoutes } from "./organizations/routes.ts";
import { memberRoutes } from "./users/routes.ts";

/** Organizations, members, keys, agents, audit, and the demo's clock. */
export const administrationRoutes: readonly Route[] = [
  ...agentRoutes,
  ...organizationRoutes,
  ...identityRoutes,
  ...memberRoutes,
  ...apiKeyRoutes,
  ...auditRoutes,
  ...clockRoutes,
];
