// @peculiar/x509 needs this polyfill before it is loaded.
import "reflect-metadata";

import type { webcrypto } from "node:crypto";
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const lifetimeMilliseconds = 10 * 365 * 24 * 3600 * 1000;

/** Names of the certificates, each a pair of files with the endings `.crt` and `.key`. */
export type CertificateName =
    | "apiserver"
    | "kwok-server"
    | "metrics-server-server"
    | "admin"
    | "controller-manager"
    | "scheduler"
    | "kwok"
    | "metrics-server"
    | "front-proxy-client"
    | "etcd"
    | "etcd-client";

/** What a certificate is for. */
interface Request {
    readonly file: CertificateName;
    readonly authority: "ca" | "front-proxy-ca" | "etcd-ca";
    readonly commonName: string;
    readonly organization?: string;
    /** Names and addresses that a server answers to. */
    readonly hosts?: readonly string[];
    readonly client?: boolean;
}

const loopback = ["localhost", "127.0.0.1"];

const requests: readonly Request[] = [
    {
        file: "apiserver",
        authority: "ca",
        commonName: "kube-apiserver",
        hosts: [
            ...loopback,
            "kubernetes",
            "kubernetes.default",
            "kubernetes.default.svc",
            "kubernetes.default.svc.cluster.local",
            "10.96.0.1",
        ],
    },
    { file: "kwok-server", authority: "ca", commonName: "kwok", hosts: loopback },
    {
        file: "metrics-server-server",
        authority: "ca",
        commonName: "metrics-server",
        hosts: [...loopback, "metrics-server.kube-system.svc"],
    },
    {
        file: "admin",
        authority: "ca",
        commonName: "spywatcher-admin",
        organization: "system:masters",
        client: true,
    },
    {
        file: "controller-manager",
        authority: "ca",
        commonName: "system:kube-controller-manager",
        client: true,
    },
    { file: "scheduler", authority: "ca", commonName: "system:kube-scheduler", client: true },
    { file: "kwok", authority: "ca", commonName: "spywatcher:kwok", client: true },
    { file: "metrics-server", authority: "ca", commonName: "spywatcher:metrics-server", client: true },
    {
        file: "front-proxy-client",
        authority: "front-proxy-ca",
        commonName: "front-proxy-client",
        client: true,
    },
    { file: "etcd", authority: "etcd-ca", commonName: "etcd", hosts: loopback, client: true },
    { file: "etcd-client", authority: "etcd-ca", commonName: "kube-apiserver", client: true },
];

/** Paths of a certificate's two files in the certificate folder. */
export function certificateFiles(
    folder: string,
    name: CertificateName,
): { certificate: string; key: string } {
    return { certificate: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
}

/**
 * Makes the cluster's certificate authorities, certificates and the key pair for service-account tokens in `folder`,
 * unless all of it is there. Private keys have mode 0600.
 */
export async function ensureCertificates(folder: string): Promise<void> {
    // Written last, so that its presence means that all others are complete.
    const complete = join(folder, "complete");
    const exists = await access(complete).then(
        () => true,
        () => false,
    );
    if (exists) {
        return;
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const authorities = {
        ca: await authority(folder, "ca", "spywatcher local cluster"),
        "front-proxy-ca": await authority(folder, "front-proxy-ca", "spywatcher local front proxy"),
        "etcd-ca": await authority(folder, "etcd-ca", "spywatcher local etcd"),
    };
    for (const request of requests) {
        await issue(folder, request, authorities[request.authority]);
    }
    await serviceAccountKeys(folder);
    await writeFile(complete, "");
}

interface Authority {
    readonly certificate: x509.X509Certificate;
    readonly keys: webcrypto.CryptoKeyPair;
}

async function authority(folder: string, file: string, commonName: string): Promise<Authority> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        serialNumber: serialNumber(),
        name: [{ CN: [commonName] }],
        ...validity(),
        signingAlgorithm: algorithm,
        keys,
        extensions: [
            new x509.BasicConstraintsExtension(true, 0, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
            await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        ],
    });
    await writeFile(join(folder, `${file}.crt`), `${certificate.toString("pem")}\n`);
    return { certificate, keys };
}

async function issue(folder: string, request: Request, issuer: Authority): Promise<void> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const usages = [
        ...(request.client === true ? [x509.ExtendedKeyUsage.clientAuth] : []),
        ...(request.hosts === undefined ? [] : [x509.ExtendedKeyUsage.serverAuth]),
    ];
    const hosts = (request.hosts ?? []).map((host) => ({
        type: /^[\d.]+$/.test(host) ? ("ip" as const) : ("dns" as const),
        value: host,
    }));
    const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serialNumber(),
        subject: [
            ...(request.organization === undefined ? [] : [{ O: [request.organization] }]),
            { CN: [request.commonName] },
        ],
        issuer: issuer.certificate.subject,
        ...validity(),
        signingAlgorithm: algorithm,
        publicKey: keys.publicKey,
        signingKey: issuer.keys.privateKey,
        extensions: [
            new x509.BasicConstraintsExtension(false, undefined, true),
            new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
            new x509.ExtendedKeyUsageExtension(usages),
            ...(hosts.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(hosts)]),
            await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate),
        ],
    });
    const files = certificateFiles(folder, request.file);
    await writeFile(files.certificate, `${certificate.toString("pem")}\n`);
    await writePrivateKey(files.key, keys.privateKey);
}

async function serviceAccountKeys(folder: string): Promise<void> {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const publicKey = x509.PemConverter.encode(
        await crypto.subtle.exportKey("spki", keys.publicKey),
        "PUBLIC KEY",
    );
    await writeFile(join(folder, "service-account.pub"), `${publicKey}\n`);
    await writePrivateKey(join(folder, "service-account.key"), keys.privateKey);
}

async function writePrivateKey(path: string, key: webcrypto.CryptoKey): Promise<void> {
    const pem = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
    await writeFile(path, `${pem}\n`, { mode: 0o600 });
}

function validity(): { notBefore: Date; notAfter: Date } {
    const now = Date.now();
    // An hour back, for clocks that were set back after the start.
    return { notBefore: new Date(now - 3600 * 1000), notAfter: new Date(now + lifetimeMilliseconds) };
}

function serialNumber(): string {
    return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("hex");
}
