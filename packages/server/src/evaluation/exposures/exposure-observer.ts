import type { EvidenceObserver } from "../../collection/evidence-observer.ts";
import { addContributions } from "./change-units.ts";
import {
  combineContributions,
  executionContributions,
  feedbackContributions,
  subjectOf,
} from "./contributions.ts";
import { recordExposures, type Sighting } from "./record-exposures.ts";
import { selectSubjects } from "./store.ts";

/**
 * Recording an execution under a split is its exposure; what the execution and its feedback say is added to the sums of its
 * unit, in the same transaction. Feedback joins the arm of its execution's exposure however late it comes. An arm that the
 * split does not have is not counted.
 */
export const exposureObserver: EvidenceObserver = {
  async executionsRecorded(ctx, executions) {
    const sightings = executions.flatMap((execution): Sighting[] => {
      const subject = subjectOf(execution);
      return subject === undefined || execution.arm === null ? [] : [{ ...subject, arm: execution.arm }];
    });
    if (sightings.length === 0) return;
    const subjects = await selectSubjects(ctx, [...new Set(sightings.map((sighting) => sighting.subjectId))]);
    await recordExposures({ ctx, input: { subjects, sightings } });
    const observed = executions
      .filter((execution) => execution.arm !== null)
      .flatMap((execution) => {
        const subject = subjects.get(subjectOf(execution)?.subjectId ?? "");
        return subject === undefined ? [] : executionContributions(execution, subject.metrics);
      });
    await addContributions(ctx, combineContributions(observed));
  },

  async feedbackChanged(ctx, changes) {
    await addContributions(ctx, combineContributions(changes.flatMap(feedbackContributions)));
  },
};
