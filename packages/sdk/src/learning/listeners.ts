import { LearningError, messageOf, type Report } from "../errors.ts";
import type { ServingState } from "../serving/serving-state.ts";
import type { ServingConfiguration } from "../serving/types.ts";
import type { Learning } from "./learning.ts";

/** Tells those who listen of each new configuration, once. A listener that throws is reported; the others hear of it all the same. */
export function createListeners(
  state: Pick<ServingState, "configuration">,
  report: Report,
): { onConfiguration: Learning["onConfiguration"]; tell: () => void } {
  const listeners = new Set<(configuration: ServingConfiguration) => void>();
  let told = state.configuration;
  return {
    onConfiguration: (listener) => {
      // A listener that is given twice is two listeners.
      const own = (configuration: ServingConfiguration): void => listener(configuration);
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    tell: () => {
      const { configuration } = state;
      if (configuration === null || configuration === told) return;
      told = configuration;
      for (const listener of listeners) {
        try {
          listener(configuration);
        } catch (error) {
          report(new LearningError("invalid", `a listener of the configuration threw: ${messageOf(error)}`));
        }
      }
    },
  };
}
