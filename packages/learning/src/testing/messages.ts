import type { Row } from "../prompt/rows.ts";

const BY_INTENT: Readonly<Record<string, readonly string[]>> = {
  invoice_copy: [
    "Please send me a copy of invoice 2041",
    "I need the invoice for March again",
    "Can you resend last month's invoice?",
    "Where can I download my invoice?",
    "The invoice PDF will not open, send another copy",
    "I lost the invoice, could I get a duplicate?",
    "Could you email the invoice to my accountant?",
    "Invoice copy needed for our records",
  ],
  vat_return: [
    "When is the VAT return due?",
    "Have you filed our VAT return yet?",
    "I think the VAT return has the wrong total",
    "What do you need from me for the VAT return?",
    "Can the VAT return be amended after filing?",
    "Is the quarterly VAT return ready for review?",
    "How much VAT do we owe this quarter?",
    "We missed the VAT deadline, what now?",
  ],
  payroll: [
    "An employee was paid the wrong salary",
    "Please add a new starter to payroll",
    "When does payroll run this month?",
    "Payslips have not arrived for the staff",
    "How do I change an employee's bank details?",
    "Someone left, please take them off payroll",
    "The overtime is missing on the payslip",
    "Can you process a bonus in this payroll?",
  ],
  audit_date: [
    "When does the audit start?",
    "Can we move the audit to May?",
    "Which days will the auditors be in our office?",
    "The audit visit clashes with our holiday",
    "Please confirm the date of the audit",
    "How long will the audit visit take?",
    "We need to reschedule the auditors",
    "What time do the auditors arrive on Monday?",
  ],
  expenses: [
    "How do I claim mileage?",
    "My expense claim was rejected",
    "Is a client dinner a deductible expense?",
    "What receipts do I need for travel expenses?",
    "Where do I upload my expense receipts?",
    "When will my expenses be reimbursed?",
    "Can I claim my home office as an expense?",
    "The mileage rate in the claim looks old",
  ],
};

/** Forty messages of a tax desk with their intents, in an order that mixes the intents. */
export const MESSAGES: readonly Row[] = Object.values(BY_INTENT)[0]!.flatMap((_, index) =>
  Object.entries(BY_INTENT).map(([intent, texts]) => ({
    id: `${intent}-${index}`,
    input: texts[index]!,
    expected: intent,
  })),
);
