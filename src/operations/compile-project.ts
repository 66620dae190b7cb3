import { type CompiledProject, compileSources, type StackQuery } from "./compile-sources.ts";
import { type Outcome, refuse, succeed } from "./outcome.ts";
import { suggestCommand } from "./suggest-command.ts";
import type { Workplace } from "./workplace.ts";
import { listFiles, type WrittenProject, writeProject } from "./write-project.ts";

export interface CompileProjectQuery extends StackQuery {
  /** Write nothing; say whether the stack on disk is what would be written. */
  readonly check?: boolean | undefined;
}

export interface CompileProjectResult extends WrittenProject {
  readonly name: string;
  readonly stack: string;
  readonly resources: number;
}

/** Compiles a project's manifest to its stack's folder, or with `check` compares the two. */
export async function compileProject(
  workplace: Workplace,
  query: CompileProjectQuery,
): Promise<Outcome<CompileProjectResult>> {
  const compiled = await compileSources(workplace, query, { emit: true });
  if ("ok" in compiled) return compiled;
  const { model, diagnostics } = compiled;
  if (query.check === true) {
    const drift = await findDrift(compiled.project.root, model.name, compiled.files);
    if (drift.length > 0) {
      return refuse(
        {
          kind: "refused",
          code: "stack-drifted",
          message: `stacks/${model.name} is not what the manifest compiles to`,
          remedy: "Run `npx supercargo compile` and keep what it writes.",
          details: { drift },
        },
        { diagnostics, warnings: drift.map(({ path, state }) => `${path} is ${state}`) },
      );
    }
  }
  const written = query.check === true ? describeUnwritten(compiled) : await writeProject(compiled);
  if ("ok" in written) return written;
  return succeed(
    { name: model.name, stack: model.stack, resources: model.resources.length, ...written },
    { diagnostics, nextSteps: [suggestCommand("preview", query)] },
  );
}

/** What is there already. */
function describeUnwritten({ model, files }: CompiledProject): WrittenProject {
  return {
    folder: `stacks/${model.name}`,
    written: [],
    removed: [],
    files: listFiles(files ?? new Map()),
  };
}

async function findDrift(
  root: string,
  name: string,
  files: ReadonlyMap<string, Uint8Array> | undefined,
): Promise<readonly { readonly path: string; readonly state: string }[]> {
  const [{ checkStack }, { stackFolder }] = await Promise.all([
    import("../compiler/check-stack.ts"),
    import("../compiler/stack-folder.ts"),
  ]);
  const place = stackFolder(root, name);
  const drift = checkStack(place, files ?? new Map(), { requireBuilt: false });
  return drift.map(({ path, state }) => ({ path: `${place.folder}/${path}`, state }));
}
