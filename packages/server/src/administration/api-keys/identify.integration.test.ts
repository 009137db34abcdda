import { expect, it } from "vitest";
import { withSystem } from "../../database/index.ts";
import { describeEachEngine } from "../../testing/test-database.ts";
import { createTestOrganization } from "../../testing/test-organization.ts";
import { createKeyIdentifier } from "./identify.ts";

describeEachEngine("key identifier", (context) => {
  const revoke = (keyId: string): Promise<unknown> =>
    withSystem(context.database.kysely, (tx) =>
      tx.updateTable("api_keys").set({ revoked_at: new Date() }).where("id", "=", keyId).execute(),
    );

  it("knows a person by their role and a machine by its kind", async () => {
    const { id, members, secret, publishable } = await createTestOrganization(context.database);
    const keys = createKeyIdentifier(context.database);
    expect(await keys.identify(members.annotator.key)).toEqual({
      organizationId: id,
      actor: {
        kind: "user",
        userId: members.annotator.id,
        role: "annotator",
        keyId: members.annotator.keyId,
      },
    });
    expect((await keys.identify(secret.key))?.actor).toEqual({
      kind: "machine",
      keyKind: "secret",
      keyId: secret.id,
    });
    expect((await keys.identify(publishable.key))?.actor).toMatchObject({ keyKind: "publishable" });
    expect(await keys.identify(`${secret.key}0`)).toBeUndefined();
  });

  it("remembers a key for ten seconds, unless told to forget", async () => {
    const { secret } = await createTestOrganization(context.database);
    let now = 0;
    const keys = createKeyIdentifier(context.database, () => now);
    expect(await keys.identify(secret.key)).toBeDefined();
    await revoke(secret.id);
    now = 9_999;
    expect(await keys.identify(secret.key)).toBeDefined();
    now = 10_001;
    expect(await keys.identify(secret.key)).toBeUndefined();

    const other = await createTestOrganization(context.database);
    await keys.identify(other.secret.key);
    await revoke(other.secret.id);
    keys.forget();
    expect(await keys.identify(other.secret.key)).toBeUndefined();
  });

  it("remembers nothing that it read before it was told to forget", async () => {
    const { secret } = await createTestOrganization(context.database);
    const keys = createKeyIdentifier(context.database);
    const asked = keys.identify(secret.key);
    keys.forget();
    expect(await asked).toBeDefined();
    await revoke(secret.id);
    expect(await keys.identify(secret.key)).toBeUndefined();
  });
});
