import { isUuid } from "@agent-learning/contract";
import { newId } from "../../new-id.ts";

/** A person as a request names them: the caller's own id, or one of ours. At least one is there. */
export interface PersonReference {
  externalId: string | null;
  userId: string | null;
}

/** A person named by the caller: the caller's own id first; else, when it is written like one, our id. */
export function personNamed(reference: string): PersonReference {
  return { externalId: reference, userId: isUuid(reference) ? reference.toLowerCase() : null };
}

/** An end user to be made. */
export interface NewPerson {
  id: string;
  external_id: string;
}

/** Gives each person that a batch meets for the first time one id, however often the batch names them. */
export class PersonRegistry {
  readonly #made = new Map<string, NewPerson>();

  /** The id of a person: the known one, or one that `created` then lists. */
  idOf(person: PersonReference, knownId: string | null): string {
    const id = knownId ?? (person.externalId === null ? person.userId : null);
    if (id !== null) return id;
    const externalId = person.externalId ?? "";
    const made = this.#made.get(externalId) ?? { id: newId(), external_id: externalId };
    this.#made.set(externalId, made);
    return made.id;
  }

  /** Those that must be inserted, in the order in which every transaction inserts them. */
  created(): NewPerson[] {
    return [...this.#made.values()].sort((a, b) => (a.external_id < b.external_id ? -1 : 1));
  }
}
