import assert from "node:assert/strict";

import { compareGoVersions, goEnvironment } from "../../../local/go.ts";

describe("local/go", () => {
    it("orders versions as Go does", () => {
        const ordered = [
            "1.9",
            "1.21rc2",
            "1.21",
            "1.21.1",
            "1.26beta1",
            "1.26rc1",
            "1.26.0",
            "1.26.8",
            "1.27",
            "2.0",
        ];
        for (const [index, version] of ordered.entries()) {
            assert.equal(compareGoVersions(version, version), 0);
            for (const later of ordered.slice(index + 1)) {
                assert.ok(compareGoVersions(version, later) < 0, `${version} < ${later}`);
                assert.ok(compareGoVersions(later, version) > 0, `${later} > ${version}`);
            }
        }
        assert.equal(compareGoVersions("1.26", "1.26.0"), 0);
    });

    it("keeps the user's proxy and caches, and drops what changes a build", () => {
        const environment = goEnvironment({
            GOPROXY: "off",
            GOCACHE: "/c",
            GOFLAGS: "-tags=x",
            GOEXPERIMENT: "y",
        });
        assert.equal(environment["GOPROXY"], "off");
        assert.equal(environment["GOCACHE"], "/c");
        assert.equal(environment["GOFLAGS"], "-mod=readonly");
        assert.equal("GOEXPERIMENT" in environment, false);
    });
});
