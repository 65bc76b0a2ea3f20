import assert from "node:assert/strict";
import { PassThrough } from "node:stream";

import { explain, InterruptedError } from "../../ops/errors.ts";
import { exitCodes } from "../../ops/exitCodes.ts";
import { prompt } from "../../ops/prompt.ts";

describe("a question", () => {
    /** Asks on a terminal that is none, whose keys `type` presses. */
    async function asked(type: (keys: PassThrough, controller: AbortController) => void): Promise<string> {
        const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input });
        const output = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
        const controller = new AbortController();
        const answer = prompt("Go on? ", "Nothing was changed.", controller.signal, { input, output });
        type(input, controller);
        return answer;
    }

    it("gives the answer without blanks around it", async () => {
        assert.equal(await asked((keys) => keys.write("  yes \r")), "yes");
    });

    const ways: Record<string, Parameters<typeof asked>[0]> = {
        "Ctrl-C": (keys) => keys.write("\x03"),
        "Ctrl-D": (keys) => keys.write("\x04"),
        "the end of the input": (keys) => keys.end(),
        SIGTERM: (_keys, controller) => {
            controller.abort(new InterruptedError());
        },
    };
    for (const [way, type] of Object.entries(ways)) {
        it(`is ended by ${way}, which is no fault of ours`, async () => {
            const error: unknown = await asked(type).then(
                () => assert.fail("it was answered"),
                (reason: unknown) => reason,
            );
            assert.deepEqual(explain(error), {
                message: "Nothing was changed.",
                exitCode: exitCodes.interrupted,
            });
        });
    }
});
