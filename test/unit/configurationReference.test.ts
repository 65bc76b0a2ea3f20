import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { configurationReference } from "../../ops/configurationReference.ts";
import { projectFolder } from "../support/plans.ts";

describe("docs/CONFIGURATION.md", () => {
    it("is what the schema says (else run `npm run config -- reference`)", () => {
        assert.equal(
            readFileSync(join(projectFolder, "docs/CONFIGURATION.md"), "utf8"),
            configurationReference(),
        );
    });

    it("gives each key its bounds, default and meaning", () => {
        const lines = configurationReference().split("\n");
        assert.ok(lines.includes("| `backend.autoscaling.maxReplicas` | 1–1000 | `10` | Most pods. |"));
        assert.ok(lines.includes("### `kind: external`"));
        const keys = lines.filter((line) => line.startsWith("| `"));
        assert.ok(keys.length > 80);
        // A discriminator explains itself by its section.
        const unexplained = keys.filter((line) => line.endsWith("|  |") && !line.startsWith("| `kind`"));
        assert.deepEqual(unexplained, []);
    });
});
