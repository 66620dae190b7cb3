import { expect, it } from "vitest";
import {
  provesConsistency,
  provesInclusion,
  provesSubtreeConsistency,
  provesSubtreeInclusion,
} from "../../src/log/verify/merkle-proof.ts";
import { describeCorpus } from "../manifest/shared-corpus.ts";
import { noteFigure } from "../promises/note-figure.ts";

type Vector = Readonly<Record<string, unknown>> & { readonly wantErr: boolean };

const bytes = (value: unknown): Uint8Array => Buffer.from(String(value ?? ""), "base64");
const proofOf = ({ proof }: Vector): readonly Uint8Array[] =>
  ((proof ?? []) as readonly string[]).map(bytes);

/** How the vectors of each folder are read; the four folders of transparency-dev/merkle `testdata`. */
const CHECKS: Readonly<Record<string, { count: number; check: (vector: Vector) => boolean }>> = {
  inclusion: {
    count: 98,
    check: (vector) =>
      provesInclusion({
        index: Number(vector.leafIdx),
        size: Number(vector.treeSize),
        leaf: bytes(vector.leafHash),
        root: bytes(vector.root),
        proof: proofOf(vector),
      }),
  },
  consistency: {
    count: 98,
    check: (vector) =>
      provesConsistency({
        oldSize: Number(vector.size1),
        newSize: Number(vector.size2),
        oldRoot: bytes(vector.root1),
        newRoot: bytes(vector.root2),
        proof: proofOf(vector),
      }),
  },
  subtreeinclusion: {
    count: 204,
    check: (vector) =>
      provesSubtreeInclusion({
        index: Number(vector.leafIdx),
        start: Number(vector.start),
        end: Number(vector.end),
        leaf: bytes(vector.leafHash),
        root: bytes(vector.root),
        proof: proofOf(vector),
      }),
  },
  subtreeconsistency: {
    count: 118,
    check: (vector) =>
      provesSubtreeConsistency({
        start: Number(vector.start),
        end: Number(vector.end),
        size: Number(vector.size),
        subtreeRoot: bytes(vector.root1),
        root: bytes(vector.root2),
        proof: proofOf(vector),
      }),
  },
};

describeCorpus("merkle", (files) => {
  it.each(Object.entries(CHECKS))(
    "promise 18: the public vectors of %s are judged as they say",
    (folder, { count, check }) => {
      const vectors = [...files].filter(([name]) => name.startsWith(`${folder}/`));
      expect(vectors).toHaveLength(count);
      const wrong = vectors.filter(([, text]) => {
        const vector = JSON.parse(text.toString("utf8")) as Vector;
        return check(vector) === vector.wantErr;
      });
      expect(wrong.map(([name]) => name)).toEqual([]);
    },
  );

  it("promise 18: there are 518 of them", ({ task }) => {
    const judged = Object.values(CHECKS).reduce((sum, { count }) => sum + count, 0);
    expect(judged).toBe(518);
    noteFigure(task, `${judged} of ${judged} public vectors agree`);
  });
});
