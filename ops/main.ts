import { keepCompiledCode } from "./compileCache.ts";

keepCompiledCode();
const [{ interruptSignal }, { run }] = await Promise.all([import("./interrupt.ts"), import("./run.ts")]);
await run(process.argv.slice(2), interruptSignal());
