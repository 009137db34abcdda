import { createRoot } from "react-dom/client";
import { AnnotationInterface } from "../../admin.ts";
import { LearningProvider } from "../../index.ts";
import "../../../styles/admin.css";
import "./page.css";

const key = location.hash.slice(1);

createRoot(document.querySelector("#root") as Element).render(
  <LearningProvider apiKey={key}>
    <h1>Annotation</h1>
    <AnnotationInterface guidelines={<p>Approve what you would sign.</p>} />
  </LearningProvider>,
);
