export { readBudget, refuseOverBudget, requirePrice } from "./budget.ts";
export { budgetRoutes } from "./routes.ts";
export { OrganizationBudgetSpent, openSpendingMeter, type SpendingMeter } from "./spending-meter.ts";
