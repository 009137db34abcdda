export { retentionSchedule } from "./empty-old-evidence.ts";
