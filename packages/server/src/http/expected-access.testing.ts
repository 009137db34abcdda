import type { Access, MachineKeyKind, Role } from "@agent-learning/contract";

const to = (user: Role | null, ...machine: MachineKeyKind[]): Access => ({ user, machine });

/**
 * Who may call what, written down a second time on purpose: a route that is not listed here, or that changed its access,
 * fails the matrix until a person has looked at it.
 */
export const EXPECTED_ACCESS: Readonly<Record<string, Access | "public">> = {
  getHealth: "public",
  getReadiness: "public",
  getOpenapi: "public",
  getProcessMetrics: "public",
  getStats: to("viewer", "secret"),
  getAgentMetrics: to("viewer", "secret"),
  exportPerson: to("admin"),
  erasePerson: to("admin"),
  createAgent: to("admin", "secret"),
  listAgents: to("viewer", "secret"),
  getAgent: to("viewer", "secret"),
  updateAgent: to("admin"),
  getOrganization: to("viewer", "secret"),
  updateOrganization: to("admin"),
  addMember: to("admin"),
  listMembers: to("viewer"),
  updateMember: to("admin"),
  createApiKey: to("admin"),
  listApiKeys: to("admin"),
  revokeApiKey: to("admin"),
  listAudit: to("reviewer"),
  verifyAudit: to("reviewer"),
  advanceClock: to("admin"),
  listTrainingRuns: to("viewer", "secret"),
  createTrainingRun: to("reviewer", "secret"),
  getTrainingRun: to("viewer", "secret"),
  watchTrainingRun: to("viewer", "secret"),
  cancelTrainingRun: to("reviewer", "secret"),
  reviewTrainingRun: to("reviewer"),
  reportExposures: to(null, "secret"),
  reportOutcomes: to(null, "secret"),
  createAgentVersion: to("reviewer", "secret"),
  listAgentVersions: to("viewer", "secret"),
  getAgentVersion: to("viewer", "secret"),
  diffAgentVersions: to("viewer", "secret"),
  reviewAgentVersion: to("reviewer"),
  getServing: to("viewer", "secret"),
  startServing: to("admin", "secret"),
  revertServing: to("reviewer"),
};
