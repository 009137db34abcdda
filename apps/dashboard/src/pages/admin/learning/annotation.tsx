import { getRouteApi } from "@tanstack/react-router";
import type { JSX } from "react";
import { Choice } from "../../../components/field.tsx";
import { humanise } from "../../../format/words.ts";
import { EXAMPLE_TYPES } from "../../examples/example-types.ts";
import { AnnotationSitting } from "./annotation/sitting.tsx";

const route = getRouteApi("/admin/learning/annotation");

/** The queue of examples that wait for an expert. */
export function AnnotationPage(): JSX.Element {
  const { type, agent } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <AnnotationSitting
      title="Annotation"
      kind="annotation"
      agentId={agent}
      exampleType={type}
      filter={
        <Choice
          label="Type"
          value={type ?? "all"}
          options={[["all", "All"], ...EXAMPLE_TYPES.map((one) => [one, humanise(one)] as const)]}
          onChange={(value) =>
            void navigate({
              search: (before) => ({ ...before, type: value === "all" ? undefined : value }),
              replace: true,
            })
          }
        />
      }
    />
  );
}
