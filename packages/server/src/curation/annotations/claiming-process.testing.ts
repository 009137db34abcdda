// Annotators in a process of their own, to be killed while they claim. Arguments: database URL, organization, queue, and the ids of the people.
// Each claims until there is nothing for them; what was committed is said, one line each: `task person token`.
import { createContext } from "../../create-context.ts";
import { connectDatabase } from "../../database/index.ts";
import { newId } from "../../new-id.ts";
import { createTestServices } from "../../testing/test-services.ts";
import { claimAnnotation } from "./claim-annotation.ts";

const [databaseUrl = "", organizationId = "", queueId = "", ...people] = process.argv.slice(2);
const database = await connectDatabase({ databaseUrl, dataDirectory: "", poolSize: people.length });
const services = createTestServices(database);
process.stdout.write("started\n");

async function claimAll(userId: string): Promise<void> {
  const actor = { kind: "user", userId, role: "annotator", keyId: newId() } as const;
  const person = createContext(services, organizationId, actor);
  for (;;) {
    const input = { lease_seconds: 3_600, queue_id: queueId };
    const claimed = await person.transact((ctx) => claimAnnotation({ ctx, input }));
    if (claimed === null) return;
    process.stdout.write(`${claimed.task.id} ${userId} ${claimed.task.fencing_token}\n`);
  }
}

await Promise.all(people.map(claimAll));
await database.close();
process.stdout.write("ended\n");
