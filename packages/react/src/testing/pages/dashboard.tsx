import { createRoot } from "react-dom/client";
import { LearningDashboard } from "../../admin.ts";
import { LearningProvider } from "../../index.ts";
import { useLearningStats } from "../../query/index.ts";
import "../../../styles/admin.css";
import "./page.css";

/** The guide's example, word for word. */
function LearningMetrics() {
  const { data: stats } = useLearningStats();

  return (
    <div>
      <h3>Pending Annotations: {stats?.pendingAnnotations}</h3>
      <h3>Total Examples: {stats?.totalExamples}</h3>
    </div>
  );
}

createRoot(document.querySelector("#root") as Element).render(
  <LearningProvider apiKey={location.hash.slice(1)}>
    <h1>Learning</h1>
    <h2>At a glance</h2>
    <LearningDashboard
      agentId="my-agent"
      links={{ annotations: "/parts/annotation" }}
      refetchInterval={500}
    />
    <h2>The guide&apos;s snippet</h2>
    <LearningMetrics />
  </LearningProvider>,
);
