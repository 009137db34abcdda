import { REDACTED_KINDS, REDACTION_MODES } from "@agent-learning/contract";
import { REDACTIONS, SENSITIVE_KINDS } from "@agent-learning/learning";
import { sql } from "kysely";
import { expect, it } from "vitest";
import { withTenant } from "../../database/index.ts";
import { evidenceObservers } from "../../evidence-observers.ts";
import { createTestApi, type TestApi } from "../../testing/test-api.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization, type TestOrganization } from "../../testing/test-organization.ts";

const CARD = "4111 1111 1111 1111";
const MAIL = "max@firma.de";
const TEXT = `pay with ${CARD}, tell ${MAIL}`;

async function everyText(api: TestApi, organization: TestOrganization): Promise<string> {
  const tables = [
    "agent_executions",
    "agent_feedback",
    "agent_feedback_history",
    "agent_feedback_holding",
    "retrievals",
    "learning_examples",
    "expert_annotations",
    "regression_cases",
  ];
  return withTenant(api.services.database.kysely, organization.id, async (tx) => {
    const texts: string[] = [];
    for (const table of tables) {
      const { rows } = await sql<{
        text: string;
      }>`SELECT to_jsonb(t)::text AS text FROM ${sql.table(table)} t`.execute(tx);
      texts.push(...rows.map(({ text }) => `${table} ${text}`));
    }
    return texts.join("\n");
  });
}

it("knows the kinds and ways of the recognisers", () => {
  expect([...REDACTED_KINDS].sort()).toEqual([...SENSITIVE_KINDS].sort());
  expect(REDACTION_MODES.filter((mode) => mode !== "keep")).toEqual([...REDACTIONS]);
});

describeEachEngine("redaction at ingestion", (suite) => {
  async function open(redact: object): Promise<{ api: TestApi; organization: TestOrganization }> {
    const organization = await createTestOrganization(suite.database);
    const api = createTestApi(suite.database, { evidenceObservers });
    const created = await api.call(organization, "POST", "/agents", {
      body: { slug: "my-agent", name: "agent", policy: { privacy: { redact } } },
    });
    expect(created.status).toBe(201);
    return { api, organization };
  }

  const execution = (id: string): object => ({
    agent_id: "my-agent",
    execution_id: id,
    user_id: "person-1",
    input_text: TEXT,
    output_text: `I wrote to ${MAIL}`,
    input_context: { from: MAIL, deep: [{ card: CARD }] },
    metadata: { note: MAIL },
    status: "succeeded",
  });

  it("keeps what an agent's policy names out of every table, whatever brings it in", async () => {
    const { api, organization } = await open({ payment_card: "drop", email_address: "mask" });
    try {
      const call = async (
        method: "POST" | "PATCH",
        path: string,
        body: object,
        headers = {},
        as = "secret",
      ): Promise<Record<string, unknown>> => {
        const answer = await api.call(organization, method, path, { as: as as "secret", body, headers });
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
        return answer.body;
      };
      const said = {
        agent_id: "my-agent",
        user_id: "person-1",
        feedback_type: "correction",
        correction_text: `Better: ${TEXT}`,
        feedback_text: TEXT,
      };
      await call("POST", "/feedback", { ...said, execution_id: "later" });
      for (const id of ["later", "one"]) await call("POST", "/executions", execution(id));
      const feedback = await call("POST", "/feedback", {
        ...said,
        execution_id: "one",
        metadata: { mail: MAIL },
      });
      await call(
        "PATCH",
        `/feedback/${String(feedback["id"])}`,
        { feedback_text: `still ${TEXT}` },
        { "if-match": '"1"' },
      );
      await call("POST", "/retrievals", {
        agent_id: "my-agent",
        execution_id: "one",
        query: TEXT,
        chunks: [{ chunk_id: "c", rank: 1, excerpt: TEXT }],
      });
      const example = await call("POST", "/examples", {
        agent_id: "my-agent",
        example_type: "correction",
        input_text: TEXT,
        original_output: MAIL,
        expected_output: TEXT,
      });
      await call("POST", "/demonstrations", {
        agent_id: "my-agent",
        input: TEXT,
        output: TEXT,
        steps: [{ action: TEXT }],
      });
      const imported = await api.server.inject({
        method: "POST",
        url: "/api/learning/examples/import?agent_id=my-agent",
        headers: {
          authorization: `Bearer ${organization.secret.key}`,
          "content-type": "application/x-ndjson",
        },
        payload: `${JSON.stringify({ example_type: "positive", input_text: `imported ${TEXT}`, expected_output: TEXT })}\n`,
      });
      expect(JSON.parse(imported.body)).toMatchObject({ imported: 1 });
      await call(
        "POST",
        "/annotations",
        {
          learning_example_id: example["id"],
          decision: "reject",
          corrected_output: TEXT,
          notes: TEXT,
          improvement_suggestions: TEXT,
          annotation_data: { seen: MAIL },
        },
        {},
        "annotator",
      );
      await call("POST", "/regression-cases", {
        agent_id: "my-agent",
        input_text: `pinned ${TEXT}`,
        expected_output: TEXT,
        evaluator: { kind: "judge", rubric: `It names ${MAIL}.` },
        slices: [MAIL],
      });
      await call("POST", "/regression-cases", {
        agent_id: "my-agent",
        execution_id: "one",
        expected_output: TEXT,
      });
      const stored = await everyText(api, organization);
      expect(stored).toContain("[email_address]");
      expect(stored).not.toContain(MAIL);
      expect(stored).not.toContain("4111");
      // Everything did come in.
      for (const table of ["agent_feedback ", "retrievals ", "expert_annotations ", "regression_cases "])
        expect(stored).toContain(table);
      expect(
        stored.split("\n").filter((line) => line.startsWith("learning_examples")).length,
      ).toBeGreaterThanOrEqual(5);
    } finally {
      await api.close();
    }
  });

  it("makes the same hash of the same value, of this organization only; what is not named stays", async () => {
    const hashes = [];
    for (let turn = 0; turn < 2; turn += 1) {
      const { api, organization } = await open({ payment_card: "hash" });
      try {
        for (const id of ["one", "two"])
          await api.call(organization, "POST", "/executions", { as: "secret", body: execution(id) });
        const stored = await everyText(api, organization);
        expect(stored).toContain(MAIL);
        expect(stored).not.toContain("4111");
        const found = new Set(stored.match(/\[payment_card [a-p]+\]/g));
        expect(found.size).toBe(1);
        hashes.push(...found);
        const shown = await api.call(organization, "GET", "/organization", {});
        expect(JSON.stringify(shown.body)).not.toContain("redaction_key");
      } finally {
        await api.close();
      }
    }
    expect(new Set(hashes).size).toBe(2);
  });

  it("follows a change of the policy", async () => {
    const { api, organization } = await open({});
    try {
      await api.call(organization, "POST", "/executions", { as: "secret", body: execution("before") });
      expect(await everyText(api, organization)).toContain(MAIL);
      const agent = await api.call(organization, "GET", "/agents/my-agent");
      const changed = await api.call(organization, "PATCH", "/agents/my-agent", {
        body: { policy: { privacy: { redact: { email_address: "mask" } } } },
        headers: { "if-match": String(agent.headers["etag"]) },
      });
      expect(changed.status).toBe(200);
      await api.call(organization, "POST", "/executions", { as: "secret", body: execution("after") });
      const shown = await api.call(organization, "GET", "/executions/my-agent/after");
      expect(shown.body).toMatchObject({ output_text: "I wrote to [email_address]" });
    } finally {
      await api.close();
    }
  });
});
