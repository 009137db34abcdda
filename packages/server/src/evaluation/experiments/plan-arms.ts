import type { AdditionalTreatment, CreateExperiment } from "@agent-learning/contract";
import { unprocessable } from "../../http/problem-error.ts";

export interface PlannedArms {
  control: number;
  treatment: number;
  additional: AdditionalTreatment[];
}

/**
 * The percentages of all units that the arms get, half and half unless said.
 * @throws ProblemError unprocessable: an arm without units, arms that come to more than everybody, two arms of one name
 */
export function planArms(input: CreateExperiment): PlannedArms {
  const additional = input.additional_treatments ?? [];
  const given = [
    { path: "body.control_percentage", name: "control", percentage: input.control_percentage ?? 50 },
    { path: "body.treatment_percentage", name: "treatment", percentage: input.treatment_percentage ?? 50 },
    ...additional.map(({ name, percentage }, index) => ({
      path: `body.additional_treatments.${index}.percentage`,
      name,
      percentage,
    })),
  ];
  given.forEach(({ path, name, percentage }, index) => {
    if (percentage < 1) {
      throw unprocessable(
        path,
        `must be at least 1: an arm without units shows nothing. Leave ${name} out instead.`,
      );
    }
    if (given.findIndex((arm) => arm.name === name) !== index) {
      throw unprocessable(
        path.replace("percentage", "name"),
        `is taken: give each arm a name of its own (${given.map((arm) => arm.name).join(", ")})`,
      );
    }
  });
  const total = given.reduce((sum, arm) => sum + arm.percentage, 0);
  if (total > 100) {
    const sum = given.map((arm) => `${arm.name} ${arm.percentage}`).join(" + ");
    throw unprocessable(
      given.at(-1)?.path ?? "body.treatment_percentage",
      `brings the arms to ${total} % of the units (${sum}): lower them by ${total - 100} in all. They may come to less than 100: the rest is the holdout.`,
    );
  }
  return {
    control: input.control_percentage ?? 50,
    treatment: input.treatment_percentage ?? 50,
    additional,
  };
}
