import type { Execution, ExperimentResults, LearningStats, TrainingRun } from "@agent-learning/contract";
import * as fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type CamelCased, toCamelCase, toSnakeCase } from "./case.ts";

describe("toCamelCase", () => {
  it("renames keys at every depth", () => {
    expect(
      toCamelCase({ pending_annotations: 3, learning: { examples_per_day: [{ p_value: null }] } }),
    ).toEqual({
      pendingAnnotations: 3,
      learning: { examplesPerDay: [{ pValue: null }] },
    });
  });

  it.each(["input_context", "metadata", "config", "report", "before"])(
    "leaves the content of %s alone",
    (field) => {
      const content = { some_key: [{ other_key: 1 }] };
      expect(Object.values(toCamelCase({ [field]: content }))).toEqual([content]);
    },
  );

  it("keeps keys that are values, and converts what they hold", () => {
    expect(
      toCamelCase({ control_metrics: { latency_ms: { standard_error: 2 } }, by_type: { thumbs_up: 1 } }),
    ).toEqual({
      controlMetrics: { latency_ms: { standardError: 2 } },
      byType: { thumbs_up: 1 },
    });
  });

  it("tells a page's data and compared metrics from content of the same name", () => {
    expect(toCamelCase({ data: [{ agent_id: "a" }], next_cursor: null })).toEqual({
      data: [{ agentId: "a" }],
      nextCursor: null,
    });
    expect(toCamelCase({ data: { agent_id: "a" } })).toEqual({ data: { agent_id: "a" } });
    expect(toCamelCase({ metrics: [{ p_value: 1 }] })).toEqual({ metrics: [{ pValue: 1 }] });
  });

  it("has the types that it has at run time", () => {
    expectTypeOf<CamelCased<LearningStats>["pendingAnnotations"]>().toEqualTypeOf<number>();
    expectTypeOf<CamelCased<Execution>["inputContext"]>().toEqualTypeOf<Execution["input_context"]>();
    expectTypeOf<CamelCased<TrainingRun>["metrics"]>().toEqualTypeOf<TrainingRun["metrics"]>();
    expectTypeOf<CamelCased<ExperimentResults>["metrics"][number]["pValue"]>().toEqualTypeOf<number | null>();
  });
});

const key = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9]{0,4}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("_"));

describe("toSnakeCase", () => {
  it("is the way back", () => {
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.integer(),
        fc.string(),
        fc.constant(null),
        tie("object"),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
      object: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
    })).object;
    fc.assert(
      fc.property(value, (wire) => {
        expect(toSnakeCase(toCamelCase(wire) as never)).toEqual(wire);
      }),
    );
  });
});
