"use client";

import { AnnotationInterface } from "@agent-learning/react/admin";
import "@agent-learning/react/admin.css";

/** The annotation queue. Needs a member's key: put `LearningProvider` with `apiKey` around it. */
export default function AnnotationPage() {
  return (
    <main>
      <h1>Annotation</h1>
      <AnnotationInterface />
    </main>
  );
}
