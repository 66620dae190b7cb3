/**
 * The text of a module that keeps `node:sqlite` in the given folders. Node's permission model (24) knows files, but not those that SQLite opens. It runs before
 * the app, in the app's own realm, so it calls nothing that the app can replace: what is checked is a plain path, and that very path is opened.
 */
export function limitSqlite(folders: readonly string[]): string {
  return `
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

// Not by import: what ES modules see of it is fixed at the first import, which must be the app's.
const sqlite = process.getBuiltinModule("node:sqlite");
const folders = ${JSON.stringify(folders.map((folder) => `${folder}/`))};
const { construct, apply } = Reflect;
const { DatabaseSync: Real, backup, constants } = sqlite;
const { SQLITE_ATTACH, SQLITE_PRAGMA, SQLITE_DENY, SQLITE_OK } = constants;
const { setAuthorizer, open } = Real.prototype;
const startsWith = Function.prototype.call.bind(String.prototype.startsWith);
const toLowerCase = Function.prototype.call.bind(String.prototype.toLowerCase);
const endsWith = Function.prototype.call.bind(String.prototype.endsWith);
const decoder = new TextDecoder();
const decode = decoder.decode.bind(decoder);

const isMemory = (place) => place === ":memory:" || place === "";

function isWithin(path) {
  for (let i = 0; i < folders.length; i += 1) if (startsWith(path, folders[i])) return true;
  return false;
}

function toPath(place) {
  if (isMemory(place)) return place;
  const isText = typeof place === "string";
  const text = isText ? place : place instanceof Uint8Array ? decode(place) : undefined;
  const path = text === undefined || startsWith(text, "file:") ? fileURLToPath(text ?? place) : resolve(text);
  if (isWithin(path)) return path;
  const error = new Error("Access to this database has been restricted: it is on no volume of the container");
  error.code = "ERR_ACCESS_DENIED";
  throw error;
}

// ATTACH and VACUUM INTO. A relative name would be SQLite's to resolve, by another folder than the one that process.cwd() may be made to say.
function authorize(action, name) {
  if (action === SQLITE_ATTACH)
    return typeof name === "string" && (isMemory(name) || (startsWith(name, "/") && isWithin(resolve(name)))) ? SQLITE_OK : SQLITE_DENY;
  if (action === SQLITE_PRAGMA && endsWith(toLowerCase(name), "_store_directory")) return SQLITE_DENY;
  return SQLITE_OK;
}

function DatabaseSync(place, options) {
  const path = toPath(place);
  const database = construct(Real, options === undefined ? [path] : [path, options], new.target);
  try {
    apply(setAuthorizer, database, [authorize]);
  } catch (error) {
    // With the option open: false it is opened later.
    if (error?.code !== "ERR_INVALID_STATE") throw error;
  }
  return database;
}
DatabaseSync.prototype = Real.prototype;
Real.prototype.constructor = DatabaseSync;
Real.prototype.open = function () {
  apply(open, this, []);
  apply(setAuthorizer, this, [authorize]);
};
delete Real.prototype.setAuthorizer;

sqlite.DatabaseSync = DatabaseSync;
sqlite.backup = (database, place, options) =>
  options === undefined ? backup(database, toPath(place)) : backup(database, toPath(place), options);
`;
}
