import { ensurePrograms } from "../../local/build.ts";

/** Builds what the tests run, before their time counts: the first time it takes minutes. */
export async function mochaGlobalSetup(): Promise<void> {
    await ensurePrograms(["promtool", "amtool", "actionlint"], {
        report: ({ program, state }) => {
            if (state !== "cached") console.log(`${state} ${program}`);
        },
    });
}
