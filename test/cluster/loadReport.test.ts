import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import chromium from "@sparticuz/chromium";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

import { figures } from "../../ops/load/figures.ts";
import type { Result } from "../../ops/load/report/html.ts";
import { writeReport } from "../../ops/load/report/write.ts";
import type { Run } from "../../ops/load/run.ts";
import { defaultExpectations, verdict } from "../../ops/load/verdict.ts";
import { exampleRun } from "../support/exampleRun.ts";

/** The plots of the example, made small: differences of fonts vanish. Written anew with UPDATE_SCREENSHOT=1. */
const reference = join(import.meta.dirname, "..", "support", "reportPlots.png");
const small = { width: 240, height: 217 };

/** Where each plot begins, in pixels, and the colours of its lines in the example. */
const plots = [
    { name: "load", top: 59, colors: ["0072b2", "d55e00", "000000"] },
    { name: "latency", top: 264, colors: ["0072b2", "d55e00", "009e73"] },
    { name: "pods", top: 469, colors: ["0072b2", "d55e00"] },
    { name: "use", top: 674, colors: ["0072b2", "d55e00"] },
];

function resultOf(run: Run): Result {
    const seen = figures(run);
    return { run, figures: seen, checks: verdict(run, seen, defaultExpectations) };
}

describe("the report of a load test in a browser", function () {
    this.timeout(120_000);
    let folder: string;
    let browser: Browser | undefined;
    let page: Page;
    let requests: string[];
    let errors: unknown[];

    before(async function () {
        // The packaged Chromium is one for Linux on x64.
        if (process.platform !== "linux" || process.arch !== "x64") this.skip();
        folder = mkdtempSync(join(tmpdir(), "spywatcher-report-"));
        browser = await puppeteer.launch({
            args: chromium.args,
            executablePath: await chromium.executablePath(),
            headless: "shell",
        });
    });
    after(async () => {
        await browser?.close();
        if (browser) rmSync(folder, { recursive: true });
    });

    async function open(results: Result[]): Promise<void> {
        const { html } = await writeReport({ title: "Load test of prod", results, folder, name: "report" });
        assert.ok(browser);
        page = await browser.newPage();
        requests = [];
        errors = [];
        page.on("request", (request) => requests.push(request.url()));
        page.on("pageerror", (error) => errors.push(error));
        await page.setViewport({ width: 1000, height: 1400 });
        await page.goto(pathToFileURL(html).href);
    }

    const texts = (selector: string): Promise<string[]> =>
        page.$$eval(selector, (elements) => elements.map((each: any) => each.textContent as string));

    it("shows figures, verdict and events, and needs nothing but itself", async () => {
        await open([resultOf(exampleRun("prod", 4))]);
        assert.deepEqual(errors, []);
        assert.equal(requests.length, 1);
        assert.deepEqual(await texts("h1, h2"), ["Load test of prod", "prod"]);
        const cells = await texts("td");
        for (const text of ["9,000", "280 (3.11 %)", "HTTP 503: 280", "2–4", "36 s", "cpu above <target>"]) {
            assert.ok(cells.includes(text), text);
        }
        assert.deepEqual(await texts("td:first-child .ok, td:first-child .failed"), [
            ...Array.from({ length: 5 }, () => "kept"),
            "not kept",
            "kept",
        ]);
    });

    it("draws every line of the four plots", async () => {
        const seen = await page.evaluate((panels) => {
            const canvas = (globalThis as any).document.querySelector("#plots canvas");
            return panels.map(({ top }) => {
                const { data } = canvas.getContext("2d").getImageData(0, top, canvas.width, 162);
                const counts: Record<string, number> = {};
                for (let at = 0; at < data.length; at += 4) {
                    const color = [0, 1, 2]
                        .map((part) => data[at + part].toString(16).padStart(2, "0"))
                        .join("");
                    counts[color] = (counts[color] ?? 0) + 1;
                }
                return counts;
            });
        }, plots);
        for (const [index, { name, colors }] of plots.entries()) {
            for (const color of colors) {
                const count = seen[index]?.[color] ?? 0;
                assert.ok(count > 50, `the plot of ${name} has ${count} points of ${color}`);
            }
        }
    });

    it("plots load, latency, pods and use, as the picture that is kept", async () => {
        const scaled = async (source: "canvas" | "blank" | `data:${string}`): Promise<number[]> =>
            page.evaluate(
                async (from, { width, height }) => {
                    const { document, Image } = globalThis as any;
                    const image = from === "canvas" ? document.querySelector("#plots canvas") : new Image();
                    if (from.startsWith("data:")) {
                        image.src = from;
                        await image.decode();
                    }
                    const canvas = document.createElement("canvas");
                    Object.assign(canvas, { width, height });
                    const context = canvas.getContext("2d");
                    context.fillStyle = "white";
                    context.fillRect(0, 0, width, height);
                    context.imageSmoothingQuality = "high";
                    if (from !== "blank") context.drawImage(image, 0, 0, width, height);
                    return [...context.getImageData(0, 0, width, height).data] as number[];
                },
                source,
                small,
            );
        if (process.env["UPDATE_SCREENSHOT"] !== undefined) {
            const plots = await page.$("#plots");
            const shot = await plots?.screenshot({ encoding: "binary" });
            writeFileSync(reference, shot ?? "");
        }
        const kept = await scaled(`data:image/png;base64,${readFileSync(reference).toString("base64")}`);
        /** Percent of the values that differ clearly from those of the picture. */
        const different = (values: readonly number[]): number =>
            (values.filter((value, index) => Math.abs(value - (kept[index] ?? 0)) > 40).length /
                kept.length) *
            100;
        const [now, blank] = [different(await scaled("canvas")), different(await scaled("blank"))];
        assert.ok(now < 0.6, `${now.toFixed(1)} % differ`);
        // What the bound is worth: one empty plot of the four is beyond it.
        assert.ok(blank > 4 * 0.6, `${blank.toFixed(1)} % of a blank canvas differ`);
    });

    it("compares two runs in the same plots", async () => {
        await open([resultOf(exampleRun("as it is", 4)), resultOf(exampleRun("maxReplicas=8", 8))]);
        assert.deepEqual(errors, []);
        assert.deepEqual(await texts("h2"), ["as it is", "maxReplicas=8"]);
        assert.deepEqual((await texts("th")).slice(0, 3), ["", "as it is", "maxReplicas=8"]);
        assert.ok((await texts("td")).includes("2–8"));
    });
});
