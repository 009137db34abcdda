import { afterAll, beforeAll, expect, it } from "vitest";
import { evidenceObservers } from "../../evidence-observers.ts";
import { experimentObservers } from "../../experiment-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestAgent, createTestOrganization } from "../../testing/test-organization.ts";
import { caller, liveInWorld, statisticsOf } from "./two-worlds.testing.ts";

describeEachEngine("what a person influenced", (context) => {
  let api: TestApi;
  beforeAll(() => {
    api = createTestApi(context.database, { evidenceObservers, experimentObservers });
  });
  afterAll(() => api.close());

  it.each([1, 2, 3])("is after their erasure what it would be without them (seed %i)", async (seed) => {
    const live = async (withThem: boolean) => {
      const organization = await createTestOrganization(context.database);
      await createTestAgent(context.database, organization.id);
      return { organization, world: await liveInWorld(api, organization, { seed, withThem }) };
    };
    const without = await live(false);
    const expected = await statisticsOf(api, without.organization, without.world);
    const { organization, world } = await live(true);
    // The look at the experiment has taken their votes in already.
    expect(await statisticsOf(api, organization, world)).not.toEqual(expected);
    for (const person of [world.endUser, organization.members.annotator.id]) {
      await caller(api, organization)("DELETE", `/persons/${person}`);
    }
    expect(await statisticsOf(api, organization, world)).toEqual(expected);
    // By the id that is left: there is nothing more to take back.
    await caller(api, organization)("DELETE", `/persons/${organization.members.annotator.id}`);
    expect(await statisticsOf(api, organization, world)).toEqual(expected);
  });

  it("leaves the decision of an experiment that ended, and what it was taken by", async () => {
    const organization = await createTestOrganization(context.database);
    await createTestAgent(context.database, organization.id);
    const world = await liveInWorld(api, organization, { seed: 1, withThem: true });
    const call = caller(api, organization);
    const path = `/experiments/by-id/${world.experimentId}`;
    const { revision } = await call<{ revision: number }>("GET", path);
    const decision = { status: "decided", decision: "inconclusive", decision_notes: "enough" };
    await call("PATCH", `/experiments/${world.experimentId}`, decision, {
      headers: { "if-match": `"${revision}"` },
    });
    const read = async () => {
      const { experiment } = await call<{ experiment: ExperimentSummary }>("GET", `${path}/results`);
      const { status, winner, winning_arm, decision: taken, statistical_significance } = experiment;
      return {
        ended: { status, winner, winning_arm, taken, statistical_significance },
        looks: await call("GET", `${path}/looks`),
        votes: experiment.arm_metrics["control"]?.["satisfaction"]?.outcomes,
      };
    };
    const before = await read();
    await call("DELETE", `/persons/${world.endUser}`);
    const after = await read();
    expect(after.ended).toEqual(before.ended);
    expect(after.looks).toEqual(before.looks);
    // As after any late withdrawal.
    expect(after.votes).toBeLessThan(before.votes ?? 0);
  });
});

interface ExperimentSummary {
  status: string;
  winner: string | null;
  winning_arm: string | null;
  decision: string | null;
  statistical_significance: number | null;
  arm_metrics: Record<string, Record<string, { outcomes: number }>>;
}
