import { createRandom, randomInteger } from "../random.ts";
import type { Random } from "../ports.ts";
import type { SensitiveKind } from "./finding.ts";
import { IBAN_STRUCTURES, passesMod97 } from "./iban.ts";
import { passesLuhn } from "./luhn.ts";

/** A text with one planted value, and where it is. */
export interface PlantedText {
  kind: SensitiveKind;
  value: string;
  text: string;
}

const FRAMES: readonly string[] = [
  "Please charge it to {} and send me the receipt.",
  "The value is {}.",
  "{}",
  "My details: {}, thank you",
  '{"note": "{}", "id": 17}',
  "Name\tValue\nMiller\t{}\n",
  "He wrote ({}) on the form.",
  "Reference {}\nAmount 12.50",
  "I gave you {} yesterday; why do you ask again?",
  "value={};next=1",
];

const NAMED_FRAMES: Partial<Record<SensitiveKind, string>> = {
  phone_number: "You can call me at {} after five.",
};

function pick<T>(random: Random, values: readonly T[]): T {
  return values[randomInteger(random, values.length)] as T;
}

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => randomInteger(random, 10)).join("");
}

function characters(random: Random, alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet[randomInteger(random, alphabet.length)] ?? "").join("");
}

const CARD_FORMS: readonly { prefix: string; length: number; groups: readonly number[] }[] = [
  { prefix: "4", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "51", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "55", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "2221", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "34", length: 15, groups: [4, 6, 5] },
  { prefix: "37", length: 15, groups: [4, 6, 5] },
  { prefix: "36", length: 14, groups: [4, 6, 4] },
  { prefix: "3528", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "6011", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "65", length: 16, groups: [4, 4, 4, 4] },
  { prefix: "62", length: 16, groups: [4, 4, 4, 4] },
];

function grouped(value: string, groups: readonly number[], separator: string): string {
  let at = 0;
  return groups.map((size) => value.slice(at, (at += size))).join(separator);
}

function card(random: Random): string {
  const { prefix, length, groups } = pick(random, CARD_FORMS);
  const body = prefix + digits(random, length - prefix.length - 1);
  const check = Array.from("0123456789").find((digit) => passesLuhn(body + digit)) ?? "0";
  return grouped(body + check, groups, pick(random, ["", " ", "-", "\u00a0"]));
}

const ALPHABETS: Readonly<Record<string, string>> = {
  n: "0123456789",
  a: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  c: "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
};

function iban(random: Random): string {
  const [country, structure] = pick(random, Object.entries(IBAN_STRUCTURES));
  const national = [...structure.matchAll(/(\d+)([nac])/g)]
    .map(([, count, kind]) => characters(random, ALPHABETS[kind ?? ""] ?? "", Number(count)))
    .join("");
  const check = Array.from({ length: 97 }, (_, index) => String(index + 2).padStart(2, "0")).find((pair) =>
    passesMod97(country + pair + national),
  );
  const compact = country + (check ?? "00") + national;
  return random.next() < 0.5 ? compact : (compact.match(/.{1,4}/g) ?? []).join(" ");
}

function address(random: Random): string {
  const octet = (low: number, high: number): number => low + randomInteger(random, high - low);
  if (random.next() < 0.6) {
    const first = pick(random, [10, 192, 172, 8, 51, 81, 93, 145, 203, 217]);
    return `${first}.${octet(0, 256)}.${octet(0, 256)}.${octet(1, 255)}`;
  }
  const group = (): string => randomInteger(random, 65_536).toString(16);
  const prefix = pick(random, ["2001:db8", "2a01:4f8", "2600:1f18", "fd12:3456", "fe80"]);
  return random.next() < 0.5
    ? `${prefix}::${group()}:${group()}`
    : [...prefix.split(":"), ...Array.from({ length: 8 - prefix.split(":").length }, group)].join(":");
}

function socialSecurityNumber(random: Random): string {
  const area = 1 + randomInteger(random, 899);
  const issued = area === 666 ? 667 : area;
  const serial = String(1 + randomInteger(random, 9999)).padStart(4, "0");
  return `${String(issued).padStart(3, "0")}-${String(1 + randomInteger(random, 99)).padStart(2, "0")}-${serial}`;
}

function emailAddress(random: Random): string {
  const name = pick(random, ["anna.müller", "j.o'brien", "li_wei", "first.last+tag", "m", "x1", "support"]);
  return `${name}@${pick(random, ["example.com", "mail.example.co.uk", "bücher.example", "a-b.example.org", "firm.consulting"])}`;
}

function phoneNumber(random: Random): string {
  const line = digits(random, 4);
  const area = pick(random, ["212", "415", "604", "718"]);
  return pick(random, [
    `+1 ${area}-555-${line}`,
    `(${area}) 555-${line}`,
    `${area}-555-${line}`,
    `+49 30 ${digits(random, 4)} ${line}`,
    `+44 (0)20 7946 ${line}`,
    `+33 1 ${digits(random, 2)} ${digits(random, 2)} ${digits(random, 2)} ${digits(random, 2)}`,
    `+971 50 ${digits(random, 3)} ${line}`,
    `0049 170 ${digits(random, 7)}`,
  ]);
}

// Put together here, so that no file of this repository holds what looks like a key.
function secret(random: Random): string {
  const letters = `${ALPHABETS["a"] ?? ""}abcdefghijklmnopqrstuvwxyz0123456789`;
  const random36 = characters(random, letters, 36);
  return pick(random, [
    `AKIA${characters(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`,
    `ghp_${random36}`,
    `glpat-${random36.slice(0, 20)}`,
    `sk_live_${random36.slice(0, 24)}`,
    `AIza${characters(random, letters, 35)}`,
    `npm_${random36}`,
    `sk-ant-api03-A7${random36}`,
    `als_sk_${random36}`,
  ]);
}

const GENERATORS: Readonly<Record<SensitiveKind, (random: Random) => string>> = {
  payment_card: card,
  iban,
  ip_address: address,
  social_security_number: socialSecurityNumber,
  email_address: emailAddress,
  phone_number: phoneNumber,
  secret,
};

/** Texts that each hold one value of a kind, in ten frames; the same for the same seed. */
export function plantedTexts(kind: SensitiveKind, count: number, seed = "planted"): PlantedText[] {
  const random = createRandom(`${seed}:${kind}`);
  return Array.from({ length: count }, () => {
    const value = GENERATORS[kind](random);
    const frames = [...FRAMES, NAMED_FRAMES[kind] ?? "Here: {}"];
    return { kind, value, text: pick(random, frames).replace("{}", () => value) };
  });
}

/** Prose, tables, logs and code without any personal data, dense in what looks like it. */
export function harmlessTexts(count: number, seed = "harmless"): string[] {
  const random = createRandom(seed);
  const number = (count_: number): string => `${1 + randomInteger(random, 9)}${digits(random, count_ - 1)}`;
  const hex = (length: number): string => characters(random, "0123456789abcdef", length);
  const makers: readonly (() => string)[] = [
    () =>
      `On ${number(2)} March 20${digits(random, 2)} at 14:${digits(random, 2)}:${digits(random, 2)} we met ${number(4)} people; ${number(1)},${digits(random, 3)},${digits(random, 3)} did not come.`,
    () =>
      `Version ${number(1)}.${number(1)}.${number(2)}.${number(1)} fixes what ${number(1)}.0.0.0 broke; see section ${number(1)}.${number(1)}.${number(1)}.${number(1)} of the manual.`,
    () => Array.from({ length: 6 }, () => Array.from({ length: 4 }, () => number(4)).join(" ")).join("\n"),
    () =>
      Array.from({ length: 5 }, () =>
        Array.from({ length: 6 }, () => number(1 + randomInteger(random, 6))).join("\t"),
      ).join("\n"),
    () =>
      `| region | 2021 | 2022 | 2023 |\n|---|---|---|---|\n| north | ${number(4)} | ${number(4)} | ${number(4)} |\n| south | ${number(4)} | ${number(4)} | ${number(4)} |`,
    () =>
      `{"id": "${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}", "created": 17${digits(random, 11)}, "took_us": 17${digits(random, 14)}}`,
    () => `commit ${hex(40)}\nsha256:${hex(64)} size ${number(9)}`,
    () => `std::vector<int> a(${number(3)}); for (auto& x : a) ns::inner::call(x); // 0x${hex(8)}`,
    () =>
      `const token = await client.nextToken(); const password = z.string().min(8); apiKey: config.apiKey ?? process.env.API_KEY`,
    () =>
      `mac ${hex(2)}:${hex(2)}:${hex(2)}:${hex(2)}:${hex(2)}:${hex(2)} netmask 255.255.255.0 listen 127.0.0.1:${number(4)} and 0.0.0.0/0`,
    () =>
      `ISBN 978-3-16-${number(6)}-0, EAN 4${digits(random, 12)}, order ${number(8)}, invoice 20${digits(random, 2)}-${digits(random, 5)}`,
    () =>
      `pip install requests==2.${number(2)}.0.1 numpy~=1.${number(2)}.0.${number(1)} and npm i @scope/package@${number(1)}.${number(1)}.0`,
    () =>
      `Die Rechnung über ${number(1)}.${digits(random, 3)}.${digits(random, 3)},${digits(random, 2)} EUR ist am ${number(1)}.1${number(1)}.2024 fällig (Az. ${number(3)}/2${number(1)}).`,
    () =>
      `coordinates 52.${digits(random, 6)}, 13.${digits(random, 6)}; pi is 3.14159265358979323846; ${number(1)}e-${number(2)} mol`,
    () =>
      `[2024-0${number(1)}-1${number(1)} 0${number(1)}:${number(2)}:00.${digits(random, 3)}] INFO pid=${number(5)} retry=3 snowflake=${number(18)}`,
    () => `Call me old-fashioned, but a token of thanks is no secret: the password is that there is none.`,
    () => `logo@2x.png, @app.route("/x"), git clone git@host.example:team/repo.git, e-mail us (see the site)`,
    () =>
      `GB82 is a road, DE44 a bus, FR1420041010050500013M02607 a typo of an account number; SSN 000-12-3456 and 900-11-2222 were never issued.`,
  ];
  return Array.from({ length: count }, (_, index) => (makers[index % makers.length] as () => string)());
}

// Values with the form of a kind that are none: one digit off a checksum, or a part that is never issued.
const FAILING: Readonly<Partial<Record<SensitiveKind, (random: Random) => string>>> = {
  payment_card: (random) => {
    const value = card(random);
    const last = Number(value.at(-1));
    return `${value.slice(0, -1)}${(last + 1 + randomInteger(random, 9)) % 10}`;
  },
  iban: (random) => {
    const value = iban(random);
    const check = Number(value.slice(2, 4));
    // Another pair of check digits fits only 97 further on.
    const wrong = 2 + ((check - 2 + 1 + randomInteger(random, 95)) % 97);
    return `${value.slice(0, 2)}${String(wrong).padStart(2, "0")}${value.slice(4)}`;
  },
  social_security_number: (random) => {
    const [area = "", group = "", serial = ""] = socialSecurityNumber(random).split("-");
    return pick(random, [
      `000-${group}-${serial}`,
      `666-${group}-${serial}`,
      `9${area.slice(1)}-${group}-${serial}`,
      `${area}-00-${serial}`,
      `${area}-${group}-0000`,
    ]);
  },
  ip_address: (random) => {
    const octet = (): number => randomInteger(random, 256);
    return pick(random, [
      `${256 + randomInteger(random, 700)}.${octet()}.${octet()}.${octet()}`,
      `${octet()}.${octet()}.${octet()}.${octet()}.${octet()}`,
      `${octet()}.${octet()}.${256 + randomInteger(random, 700)}.${octet()}`,
      `2001:db8:${randomInteger(random, 9)}:zz::1`,
    ]);
  },
};

const CODE_FRAMES: readonly string[] = [
  'const value = "{}"; // as the form gave it',
  "INSERT INTO orders (note) VALUES ('{}');",
  "| row | value |\n|---|---|\n| 1 | {} |",
  "if (input === `{}`) return null;",
];

/** Kinds of which there are values that fail a check. */
export const FAILING_KINDS: readonly SensitiveKind[] = Object.keys(FAILING) as SensitiveKind[];

/** Texts, tables and code that each hold one value with the form of a kind that fails its check; the same for the same seed. */
export function failingTexts(kind: SensitiveKind, count: number, seed = "failing"): PlantedText[] {
  const random = createRandom(`${seed}:${kind}`);
  const make = FAILING[kind];
  if (make === undefined) throw new RangeError(`${kind} has no check that a value can fail`);
  return Array.from({ length: count }, () => {
    const value = make(random);
    return { kind, value, text: pick(random, [...FRAMES, ...CODE_FRAMES]).replace("{}", () => value) };
  });
}
