import type { Progress } from "../index.ts";
import type { Paint } from "./style.ts";
import type { Terminal } from "./terminal.ts";

const FRAME_MS = 120;
const FRAMES = ["|", "/", "-", "\\"];

/** Where lines cannot be taken back, the notes of one step come rarer the longer it takes: after 1, 2, 4, 8 and then every 15 seconds. */
const FIRST_SPACING_MS = 1_000;
const LAST_SPACING_MS = 15_000;

/** Progress on standard error; `stop` ends the present step and leaves the terminal as it was. */
export interface TerminalProgress extends Progress {
  stop(): void;
}

/** One live line on a terminal, a plain line a step elsewhere. */
export function createProgress(
  terminal: Terminal,
  paint: Paint,
  now: () => number,
): TerminalProgress {
  return terminal.live
    ? createLiveProgress(terminal, paint, now)
    : createPlainProgress(terminal, now);
}

function createPlainProgress(terminal: Terminal, now: () => number): TerminalProgress {
  let lastNote = "";
  let notedAt = 0;
  let spacing = FIRST_SPACING_MS;
  return {
    step(text) {
      lastNote = "";
      spacing = FIRST_SPACING_MS;
      notedAt = now();
      terminal.err(`- ${text}\n`);
    },
    note(text) {
      if (text === lastNote || now() - notedAt < spacing) return;
      lastNote = text;
      spacing = Math.min(spacing * 2, LAST_SPACING_MS);
      notedAt = now();
      terminal.err(`  ${text}\n`);
    },
    show(text) {
      terminal.err(`${text.replace(/\n$/, "")}\n`);
    },
    stop() {},
  };
}

function createLiveProgress(terminal: Terminal, paint: Paint, now: () => number): TerminalProgress {
  let step = "";
  let note = "";
  let startedAt = 0;
  let timer: NodeJS.Timeout | undefined;
  const seconds = () => Math.floor((now() - startedAt) / 1_000);
  const erase = () => terminal.err("\r\u001b[K");
  const draw = () => {
    const frame = FRAMES[Math.floor((now() - startedAt) / FRAME_MS) % FRAMES.length] ?? "";
    const elapsed = seconds() >= 2 ? ` ${seconds()} s` : "";
    const line = `${frame} ${step}${elapsed}${note === "" ? "" : ` (${note})`}`;
    erase();
    terminal.err(line.slice(0, terminal.columns() - 1));
  };
  const finish = () => {
    if (timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
    erase();
    const elapsed = seconds() >= 2 ? paint("dim", ` ${seconds()} s`) : "";
    terminal.err(`${paint("green", "*")} ${step}${elapsed}\n`);
  };
  return {
    step(text) {
      finish();
      [step, note, startedAt] = [text, "", now()];
      timer = setInterval(draw, FRAME_MS);
      timer.unref();
      draw();
    },
    note(text) {
      note = text;
    },
    show(text) {
      if (timer !== undefined) erase();
      terminal.err(`${text.replace(/\n$/, "")}\n`);
    },
    stop: finish,
  };
}
