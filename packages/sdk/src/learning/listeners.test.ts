import { expect, it } from "vitest";
import type { LearningError } from "../errors.ts";
import type { ServingConfiguration } from "../serving/types.ts";
import { createListeners } from "./listeners.ts";

const configuration = (revision: number): ServingConfiguration => ({ revision }) as ServingConfiguration;

it("tells of each configuration once, whatever another listener does, until it is asked to stop", () => {
  const state: { configuration: ServingConfiguration | null } = { configuration: configuration(1) };
  const errors: LearningError[] = [];
  const { onConfiguration, tell } = createListeners(state, (error) => errors.push(error));
  const heard: number[] = [];
  const hear = ({ revision }: ServingConfiguration): void => void heard.push(revision);
  onConfiguration(() => {
    throw new Error("of no use");
  });
  const forget = onConfiguration(hear);
  tell();
  expect(heard).toEqual([]);
  state.configuration = configuration(2);
  tell();
  tell();
  onConfiguration(hear);
  state.configuration = configuration(3);
  tell();
  forget();
  state.configuration = null;
  tell();
  state.configuration = configuration(4);
  tell();
  expect(heard).toEqual([2, 3, 3, 4]);
  expect(errors.map(({ message }) => message)).toEqual(
    Array.from({ length: 3 }, () => "a listener of the configuration threw: of no use"),
  );
});
