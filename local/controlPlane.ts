import { join } from "node:path";

import { certificateFiles } from "./certificates.ts";
import type { clusterPrograms } from "./programs.ts";
import type { Ports } from "./ports.ts";

/** A process of the cluster. */
export type Component = (typeof clusterPrograms)[number];

/** Servers that need a loopback port. */
export const portNames = ["etcd", "etcdPeer", "apiserver", "kwok", "metricsServer"] as const;

/** The loopback ports of a cluster. */
export type ClusterPorts = Ports<(typeof portNames)[number]>;

/** Folders and files of a cluster. */
export interface ClusterFiles {
    readonly folder: string;
    readonly kubeconfig: string;
    readonly state: string;
    readonly lock: string;
    readonly certificates: string;
    readonly data: string;
    readonly logs: string;
    readonly kwokConfig: string;
}

/** The files in a cluster's folder. */
export function clusterFiles(folder: string): ClusterFiles {
    return {
        folder,
        kubeconfig: join(folder, "kubeconfig"),
        state: join(folder, "cluster.json"),
        lock: `${folder}.lock`,
        certificates: join(folder, "certificates"),
        data: join(folder, "etcd"),
        logs: join(folder, "logs"),
        kwokConfig: join(folder, "kwok.yaml"),
    };
}

/** The kubeconfig of one component, for which its own client certificate is the identity. */
export function componentKubeconfig(files: ClusterFiles, component: string): string {
    return join(files.certificates, `${component}.kubeconfig`);
}

const serviceRange = "10.96.0.0/16";
const podRange = "10.244.0.0/16";

/** The command line of each component. All servers listen on 127.0.0.1 only. */
export function commandLines(files: ClusterFiles, ports: ClusterPorts): Record<Component, string[]> {
    return {
        etcd: etcd(files, ports),
        "kube-apiserver": apiServer(files, ports),
        "kube-controller-manager": controllerManager(files),
        "kube-scheduler": scheduler(files),
        kwok: kwok(files, ports),
        "metrics-server": metricsServer(files, ports),
    };
}

/**
 * The environment of a component. Nothing of the user's: a variable such as ETCD_DATA_DIR would overrule a flag.
 * Collecting garbage less often, within two gigabytes, shortens a start by a third.
 */
export function componentEnvironment(files: ClusterFiles): Record<string, string> {
    return { HOME: files.folder, PATH: "/usr/bin:/bin", GOGC: "400", GOMEMLIMIT: "2GiB" };
}

function etcd(files: ClusterFiles, ports: ClusterPorts): string[] {
    const { certificate, key } = certificateFiles(files.certificates, "etcd");
    const ca = join(files.certificates, "etcd-ca.crt");
    const client = `https://127.0.0.1:${ports.etcd}`;
    const peer = `https://127.0.0.1:${ports.etcdPeer}`;
    return [
        "--name=local",
        `--data-dir=${files.data}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=local=${peer}`,
        `--cert-file=${certificate}`,
        `--key-file=${key}`,
        `--trusted-ca-file=${ca}`,
        "--client-cert-auth",
        `--peer-cert-file=${certificate}`,
        `--peer-key-file=${key}`,
        `--peer-trusted-ca-file=${ca}`,
        "--peer-client-cert-auth",
        // Nothing here must survive a power failure, and every write is several times faster.
        "--unsafe-no-fsync",
        "--log-level=warn",
    ];
}

function apiServer(files: ClusterFiles, ports: ClusterPorts): string[] {
    const pki = files.certificates;
    const server = certificateFiles(pki, "apiserver");
    const etcdClient = certificateFiles(pki, "etcd-client");
    const proxy = certificateFiles(pki, "front-proxy-client");
    return [
        "--bind-address=127.0.0.1",
        // An address without which the server looks for a network interface, and does not start on a machine without network.
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        `--secure-port=${ports.apiserver}`,
        `--tls-cert-file=${server.certificate}`,
        `--tls-private-key-file=${server.key}`,
        `--client-ca-file=${join(pki, "ca.crt")}`,
        `--etcd-servers=https://127.0.0.1:${ports.etcd}`,
        `--etcd-cafile=${join(pki, "etcd-ca.crt")}`,
        `--etcd-certfile=${etcdClient.certificate}`,
        `--etcd-keyfile=${etcdClient.key}`,
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
        `--service-cluster-ip-range=${serviceRange}`,
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        `--service-account-key-file=${join(pki, "service-account.pub")}`,
        `--service-account-signing-key-file=${join(pki, "service-account.key")}`,
        `--kubelet-certificate-authority=${join(pki, "ca.crt")}`,
        "--kubelet-preferred-address-types=InternalIP",
        `--requestheader-client-ca-file=${join(pki, "front-proxy-ca.crt")}`,
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-username-headers=X-Remote-User",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        `--proxy-client-cert-file=${proxy.certificate}`,
        `--proxy-client-key-file=${proxy.key}`,
        "--profiling=false",
    ];
}

function controllerManager(files: ClusterFiles): string[] {
    return [
        `--kubeconfig=${componentKubeconfig(files, "controller-manager")}`,
        "--bind-address=127.0.0.1",
        "--secure-port=0",
        "--leader-elect=false",
        "--use-service-account-credentials=true",
        `--root-ca-file=${join(files.certificates, "ca.crt")}`,
        `--service-account-private-key-file=${join(files.certificates, "service-account.key")}`,
        `--cluster-cidr=${podRange}`,
        `--service-cluster-ip-range=${serviceRange}`,
        "--enable-hostpath-provisioner=true",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--profiling=false",
    ];
}

function scheduler(files: ClusterFiles): string[] {
    return [
        `--kubeconfig=${componentKubeconfig(files, "scheduler")}`,
        "--bind-address=127.0.0.1",
        "--secure-port=0",
        "--leader-elect=false",
        "--kube-api-qps=200",
        "--kube-api-burst=400",
        "--profiling=false",
    ];
}

function kwok(files: ClusterFiles, ports: ClusterPorts): string[] {
    const { certificate, key } = certificateFiles(files.certificates, "kwok-server");
    return [
        `--kubeconfig=${componentKubeconfig(files, "kwok")}`,
        `--config=${files.kwokConfig}`,
        "--manage-all-nodes",
        // The kubelet's own. Without leases every node is NotReady a minute after its last status.
        "--node-lease-duration-seconds=40",
        `--cidr=${podRange}`,
        "--node-ip=127.0.0.1",
        `--node-port=${ports.kwok}`,
        `--server-address=127.0.0.1:${ports.kwok}`,
        `--tls-cert-file=${certificate}`,
        `--tls-private-key-file=${key}`,
    ];
}

function metricsServer(files: ClusterFiles, ports: ClusterPorts): string[] {
    const { certificate, key } = certificateFiles(files.certificates, "metrics-server-server");
    const kubeconfig = componentKubeconfig(files, "metrics-server");
    return [
        `--kubeconfig=${kubeconfig}`,
        `--authentication-kubeconfig=${kubeconfig}`,
        `--authorization-kubeconfig=${kubeconfig}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${ports.metricsServer}`,
        `--tls-cert-file=${certificate}`,
        `--tls-private-key-file=${key}`,
        `--kubelet-certificate-authority=${join(files.certificates, "ca.crt")}`,
        "--kubelet-preferred-address-types=InternalIP",
        "--kubelet-use-node-status-port",
        // The shortest that it accepts; an HPA needs two of them before it knows a new pod.
        "--metric-resolution=10s",
        "--kubelet-request-timeout=5s",
    ];
}
