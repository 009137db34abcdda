import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A TCP link to a database that a test can cut and freeze. */
export interface FaultyLink {
  /** The database's URL through the link. */
  readonly url: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Lets nothing through, in either direction; connections stay, new ones are taken and get no answer. */
  freeze(): void;
  /** Lets everything through again; what was held while frozen arrives now. */
  restore(): Promise<void>;
  stop(): Promise<void>;
}

interface Pair {
  near: Socket;
  far: Socket;
}

/** Starts a link on 127.0.0.1 to the host and port of `target`, a postgres:// URL. */
export async function startFaultyLink(target: string): Promise<FaultyLink> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<Pair>();
  let frozen = false;
  let server: Server;

  function join(near: Socket): void {
    const pair = { near, far: connect({ host: hostname, port: Number(port) }) };
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      pair.near.destroy();
      pair.far.destroy();
    };
    const carry = (from: Socket, to: Socket): void => {
      from.on("data", (bytes) => void to.write(bytes));
      from.once("close", end);
      from.on("error", end);
      if (frozen) from.pause();
    };
    carry(pair.near, pair.far);
    carry(pair.far, pair.near);
  }

  async function listen(at: number): Promise<number> {
    server = createServer(join);
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  async function cut(): Promise<void> {
    const closed = server.listening ? once(server, "close") : Promise.resolve();
    server.close();
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    await closed;
  }

  const own = await listen(0);
  return {
    url: Object.assign(new URL(target), { hostname: "127.0.0.1", port: String(own) }).href,
    cut,
    freeze: () => {
      frozen = true;
      for (const { near, far } of pairs) {
        near.pause();
        far.pause();
      }
    },
    restore: async () => {
      frozen = false;
      for (const { near, far } of pairs) {
        near.resume();
        far.resume();
      }
      if (!server.listening) await listen(own);
    },
    stop: cut,
  };
}
