import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { stringify } from "yaml";

import { type CertificateName, certificateFiles } from "./certificates.ts";

/** Who a kubeconfig makes its reader, and where it points. */
export interface KubeconfigArgs {
    /** File to write, with mode 0600. */
    readonly path: string;
    /** Name of the context, cluster and user. */
    readonly context: string;
    /** Port of the API server on 127.0.0.1. */
    readonly port: number;
    /** Folder that `ensureCertificates` filled. */
    readonly certificates: string;
    /** Client certificate to show. */
    readonly identity: CertificateName;
}

/** Writes a kubeconfig that holds everything it needs and verifies the API server's certificate. */
export async function writeKubeconfig({
    path,
    context,
    port,
    certificates,
    identity,
}: KubeconfigArgs): Promise<void> {
    const files = certificateFiles(certificates, identity);
    const [ca, certificate, key] = await Promise.all(
        [join(certificates, "ca.crt"), files.certificate, files.key].map(async (file) =>
            (await readFile(file)).toString("base64"),
        ),
    );
    const kubeconfig = {
        apiVersion: "v1",
        kind: "Config",
        clusters: [
            {
                name: context,
                cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": ca },
            },
        ],
        users: [{ name: context, user: { "client-certificate-data": certificate, "client-key-data": key } }],
        contexts: [{ name: context, context: { cluster: context, user: context } }],
        "current-context": context,
    };
    // By way of another name, so that a reader never sees half of it.
    await writeFile(`${path}.new`, stringify(kubeconfig), { mode: 0o600 });
    await rename(`${path}.new`, path);
}

/** Name of the context in the kubeconfig of a cluster. */
export function contextName(name: string): string {
    return `spywatcher-${name}`;
}
