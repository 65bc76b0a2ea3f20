import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

import { KubeConfig } from "@kubernetes/client-node";

import type { StandInSettings } from "./main.ts";

/** Stand-ins that an engine finds on its PATH. */
export interface StandIns {
    /** Folder of the executables. */
    readonly folder: string;
    /** PATH with the stand-ins first. */
    readonly path: string;
    /** File of the cloud's log. */
    readonly log: string;
    readonly remove: () => void;
}

/** Packages whose providers are replaced. */
const packages = ["aws", "awsx", "eks", "random"];

/**
 * Makes a folder with executables that the engine takes for the providers of AWS, and an `aws` command that gives out the
 * certificate of the kubeconfig's user as the token of every EKS cluster.
 */
export function installStandIns(
    kubeconfig: string,
    { delays = {} }: { delays?: Record<string, number> } = {},
): StandIns {
    const folder = mkdtempSync(join(tmpdir(), "spywatcher-standin-"));
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const { server = "", caData = "" } = config.getCurrentCluster() ?? {};
    const settings: StandInSettings = {
        log: join(folder, "cloud.jsonl"),
        cluster: { endpoint: server, certificateAuthority: caData },
        delays,
    };
    const settingsFile = join(folder, "settings.json");
    writeFileSync(settingsFile, JSON.stringify(settings));
    const main = join(import.meta.dirname, "main.ts");
    for (const name of packages) {
        writeExecutable(
            join(folder, `pulumi-resource-${name}`),
            // Each operation of the engine starts each of them anew, which takes seconds without the cache.
            `NODE_COMPILE_CACHE='${folder}/cache' exec '${process.execPath}' '${main}' ${name} '${settingsFile}' "$@"`,
        );
    }
    const credential = join(folder, "credential.json");
    writeFileSync(credential, JSON.stringify(execCredential(config)), { mode: 0o600 });
    writeExecutable(
        join(folder, "aws"),
        [
            'case " $* " in',
            `    *" eks get-token "*) exec cat '${credential}' ;;`,
            '    *) echo "the stand-in for the AWS CLI cannot: $*" >&2; exit 1 ;;',
            "esac",
        ].join("\n"),
    );
    return {
        folder,
        path: `${folder}${delimiter}${process.env["PATH"] ?? ""}`,
        log: settings.log,
        remove: () => rmSync(folder, { recursive: true, force: true }),
    };
}

function writeExecutable(path: string, script: string): void {
    writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function execCredential(config: KubeConfig): unknown {
    const { certData = "", keyData = "" } = config.getCurrentUser() ?? {};
    const decoded = (base64: string): string => Buffer.from(base64, "base64").toString();
    return {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        kind: "ExecCredential",
        status: {
            clientCertificateData: decoded(certData),
            clientKeyData: decoded(keyData),
        },
    };
}
