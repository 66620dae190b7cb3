import type { Api } from "../api.ts";
import { text } from "../body-fields.ts";
import { fail, succeed } from "../envelope.ts";
import type { Route } from "../route.ts";
import type { ScriptContent, ScriptRecord } from "../worker-records.ts";
import { SCRIPTS_READ, SCRIPTS_WRITE, withScript } from "./script-routes.ts";

const BASE = "/accounts/:account/workers/scripts/:script/secrets";

/** Secrets of a script; their texts go in and never come out (API docs, Workers, Secrets). */
export function secretRoutes(api: Api): readonly Route[] {
  const answer = (name: string) => succeed({ name, type: "secret_text" });
  return [
    {
      method: "GET",
      path: BASE,
      needs: SCRIPTS_READ,
      handle: withScript(api, ({ content }) =>
        succeed(Object.keys(content?.secrets ?? {}).map((name) => ({ name, type: "secret_text" }))),
      ),
    },
    {
      method: "GET",
      path: `${BASE}/:secret`,
      needs: SCRIPTS_READ,
      handle: withScript(api, ({ content }, { params }) =>
        content?.secrets[params.secret ?? ""] === undefined
          ? fail(404, 10056, "the secret does not exist")
          : answer(params.secret ?? ""),
      ),
    },
    {
      method: "PUT",
      path: BASE,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script, { body }) => {
        const [name, secret] = [text(body, "name"), text(body, "text")];
        if (!name || secret === undefined || script.content === undefined)
          return fail(400, 10021, "a name, a text and a deployed script are needed");
        const others = withoutBinding(script.content, name);
        keep(api, script, {
          ...others,
          bindings: [...others.bindings, { name, type: "secret_text" }],
          secrets: { ...others.secrets, [name]: api.context.seal(secret) },
        });
        return answer(name);
      }),
    },
    {
      method: "DELETE",
      path: `${BASE}/:secret`,
      needs: SCRIPTS_WRITE,
      handle: withScript(api, (script, { params }) => {
        const name = params.secret ?? "";
        if (script.content?.secrets[name] === undefined)
          return fail(404, 10056, "the secret does not exist");
        keep(api, script, withoutBinding(script.content, name));
        return succeed(null);
      }),
    },
  ];
}

function withoutBinding(content: ScriptContent, name: string): ScriptContent {
  const { [name]: _removed, ...secrets } = content.secrets;
  return {
    ...content,
    secrets,
    bindings: content.bindings.filter((binding) => binding.name !== name),
  };
}

function keep(api: Api, script: ScriptRecord, content: ScriptContent): void {
  api.records.scripts.put(`${script.accountId}/${script.name}`, {
    ...script,
    content,
    modifiedOn: api.timestamp(),
  });
}
