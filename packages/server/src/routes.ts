import { administrationRoutes } from "./administration/index.ts";
import { collectionRoutes } from "./collection/index.ts";
import { deploymentRoutes } from "./deployment/index.ts";
import { annotationRoutes } from "./curation/annotations/index.ts";
import { annotatorRoutes } from "./curation/annotators/index.ts";
import { datasetRoutes } from "./curation/datasets/index.ts";
import { documentRoutes } from "./curation/documents/index.ts";
import { importRoutes } from "./curation/imports/index.ts";
import { exampleRoutes } from "./curation/examples/index.ts";
import { lineageRoutes } from "./curation/lineage/index.ts";
import { privacyRoutes } from "./curation/privacy/routes.ts";
import { queueRoutes } from "./curation/queues/index.ts";
import { trustRoutes } from "./curation/trust/index.ts";
import { monitoringRoutes } from "./deployment/monitoring/routes.ts";
import { experimentRoutes } from "./evaluation/experiments/index.ts";
import { exposureRoutes } from "./evaluation/exposures/index.ts";
import { gateRoutes } from "./evaluation/gates/index.ts";
import { regressionRoutes } from "./evaluation/regression/index.ts";
import { learningRoutes } from "./learning/index.ts";
import { withOperationsRoutes } from "./http/health-routes.ts";
import type { Route } from "./http/index.ts";

/** Every route of the API, in the order in which its description lists them. */
export const routes: readonly Route[] = withOperationsRoutes([
  // One line for each entity.
  ...administrationRoutes,
  ...collectionRoutes,
  ...exampleRoutes,
  ...importRoutes,
  ...lineageRoutes,
  ...annotationRoutes,
  ...documentRoutes,
  ...queueRoutes,
  ...annotatorRoutes,
  ...datasetRoutes,
  ...trustRoutes,
  ...privacyRoutes,
  ...learningRoutes,
  ...regressionRoutes,
  ...gateRoutes,
  ...experimentRoutes,
  ...exposureRoutes,
  ...deploymentRoutes,
  ...monitoringRoutes,
]);
