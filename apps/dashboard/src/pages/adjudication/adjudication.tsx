import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { AnnotationSitting } from "../admin/learning/annotation/sitting.tsx";

const route = getRouteApi("/adjudication");

/** Examples that annotators judged differently, for a reviewer to settle. */
export function Adjudication(): JSX.Element {
  const { agent } = route.useSearch();
  return <AnnotationSitting title="Adjudication" kind="adjudication" agentId={agent} />;
}
