import { describe, expect, it } from "vitest";
import { MerkleTree } from "./merkle-tree.ts";

// The test tree of Certificate Transparency (google/certificate-transparency, merkle_tree_test).
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

describe("MerkleTree", () => {
  it("hashes nothing to the hash of the empty string", () => {
    expect(new MerkleTree().root()).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  });

  it("gives Certificate Transparency's root after each of its leaves", () => {
    const tree = new MerkleTree();
    const roots = LEAVES.map((leaf) => {
      tree.append(Buffer.from(leaf, "hex"));
      return tree.root();
    });
    expect(roots).toEqual(ROOTS);
  });

  it("depends on the order of the leaves", () => {
    const root = (leaves: string[]): string => {
      const tree = new MerkleTree();
      for (const leaf of leaves) tree.append(Buffer.from(leaf));
      return tree.root();
    };
    expect(root(["a", "b", "c"])).not.toBe(root(["b", "a", "c"]));
    expect(root(["a", "b", "c"])).toBe(root(["a", "b", "c"]));
  });
});
