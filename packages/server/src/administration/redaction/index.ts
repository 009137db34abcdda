export { forgetRedaction, readRedactor, redactorOf, type Redactor } from "./redactor.ts";
