export type { DefaultedJsonColumn, Json, JsonObject } from "./column-types.ts";
export { connectDatabase, type ConnectOptions, type DatabaseConnection } from "./connect.ts";
export { DataDirectoryLockedError } from "./data-directory-lock.ts";
export { databaseError, isDatabaseAway, isUniqueViolation } from "./errors.ts";
export { json } from "./json.ts";
export { migrate, readMigrations } from "./migrate.ts";
export type { Schema } from "./schema.ts";
export { asSystem, type TenantTransaction, withSystem, withTenant } from "./tenant.ts";
export { learningNow } from "./time.ts";
