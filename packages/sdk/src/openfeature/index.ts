export { createLearningProvider, type ProviderOptions } from "./create-provider.ts";
