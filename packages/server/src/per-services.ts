import type { Services } from "./services.ts";

/** Something that each process, or each test's services, has one of; made at first use. */
export function perServices<T>(make: (services: Services) => T): (services: Services) => T {
  const made = new WeakMap<Services, T>();
  return (services) => {
    const known = made.get(services);
    if (known !== undefined) return known;
    const value = make(services);
    made.set(services, value);
    return value;
  };
}
