import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A program of the embedded cluster, built from Go modules that a `go.mod` of ours pins. */
export interface Program {
    /** Name of the executable. */
    readonly name: string;
    /** Version of the program, part of the folder that it is cached in. */
    readonly version: string;
    /** Folder with the `go.mod` and `go.sum` that decide every dependency. */
    readonly folder: string;
    /** Go package to build; "." is the main package in `folder`. */
    readonly package: string;
    /** Build tags. Default: none. */
    readonly tags?: readonly string[];
    /** Values the linker stamps into string variables: variable → value. */
    readonly stamps: Readonly<Record<string, string>>;
    /** A file of a module that the build sees as if it lay in `folder`, for `go:embed`. */
    readonly overlay?: { readonly file: string; readonly module: string; readonly path: string };
    /** Disk space in GiB that a first build needs at most, Go's own caches included. */
    readonly diskGiB: number;
}

const tools = join(import.meta.dirname, "tools");

/** Version of a module in the `go.mod` of a tool, so that it is written in one place, which Renovate knows. */
function moduleVersion(tool: string, module: string): string {
    const lines = readFileSync(join(tools, tool, "go.mod"), "utf8").split("\n");
    const version = lines.map((line) => line.trim().split(" ")).find(([name]) => name === module)?.[1];
    if (version === undefined) throw new Error(`local/tools/${tool}/go.mod does not name ${module}`);
    return version;
}

const versions = {
    actionlint: moduleVersion("actionlint", "github.com/rhysd/actionlint"),
    alertmanager: moduleVersion("amtool", "github.com/prometheus/alertmanager"),
    etcd: moduleVersion("etcd", "go.etcd.io/etcd/server/v3"),
    kubernetes: moduleVersion("kubernetes", "k8s.io/kubernetes"),
    kwok: moduleVersion("kwok", "sigs.k8s.io/kwok"),
    metricsServer: moduleVersion("metrics-server", "sigs.k8s.io/metrics-server"),
    prometheus: moduleVersion("promtool", "github.com/prometheus/prometheus"),
    pulumi: moduleVersion("pulumi", "github.com/pulumi/pulumi/pkg/v3"),
};
const [kubernetesMajor = "", kubernetesMinor = ""] = versions.kubernetes.slice(1).split(".");

function kubernetes(name: string): Program {
    return {
        name,
        version: versions.kubernetes,
        folder: join(tools, "kubernetes"),
        package: `k8s.io/kubernetes/cmd/${name}`,
        stamps: {
            "k8s.io/component-base/version.gitVersion": versions.kubernetes,
            "k8s.io/component-base/version.gitMajor": kubernetesMajor,
            "k8s.io/component-base/version.gitMinor": kubernetesMinor,
        },
        diskGiB: 4,
    };
}

/** The programs that make up the cluster, the Pulumi CLI, and the tools that test alert rules, their routing, and workflows. */
export const programs = {
    etcd: {
        name: "etcd",
        version: versions.etcd,
        folder: join(tools, "etcd"),
        package: "go.etcd.io/etcd/server/v3",
        stamps: {},
        diskGiB: 1,
    },
    "kube-apiserver": kubernetes("kube-apiserver"),
    "kube-controller-manager": kubernetes("kube-controller-manager"),
    "kube-scheduler": kubernetes("kube-scheduler"),
    kwok: {
        name: "kwok",
        version: versions.kwok,
        folder: join(tools, "kwok"),
        package: "sigs.k8s.io/kwok/cmd/kwok",
        stamps: { "sigs.k8s.io/kwok/pkg/consts.Version": versions.kwok },
        diskGiB: 2,
    },
    "metrics-server": {
        name: "metrics-server",
        version: versions.metricsServer,
        folder: join(tools, "metrics-server"),
        package: "sigs.k8s.io/metrics-server/cmd/metrics-server",
        stamps: {},
        diskGiB: 2,
    },
    pulumi: {
        name: "pulumi",
        version: versions.pulumi,
        folder: join(tools, "pulumi"),
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": versions.pulumi },
        diskGiB: 4,
    },
    promtool: {
        name: "promtool",
        version: versions.prometheus,
        folder: join(tools, "promtool"),
        package: "github.com/prometheus/prometheus/cmd/promtool",
        // Without the clients of all clouds whose service discovery it could check: they take most of the build.
        tags: ["remove_all_sd"],
        stamps: { "github.com/prometheus/common/version.Version": versions.prometheus },
        diskGiB: 1,
    },
    amtool: {
        name: "amtool",
        // Of Alertmanager as kube-prometheus-stack 88.5.3 installs it.
        version: versions.alertmanager,
        folder: join(tools, "amtool"),
        package: "github.com/prometheus/alertmanager/cmd/amtool",
        stamps: { "github.com/prometheus/common/version.Version": versions.alertmanager },
        diskGiB: 1,
    },
    actionlint: {
        name: "actionlint",
        version: versions.actionlint,
        folder: join(tools, "actionlint"),
        package: "github.com/rhysd/actionlint/cmd/actionlint",
        stamps: { "github.com/rhysd/actionlint.version": versions.actionlint },
        diskGiB: 1,
    },
} as const satisfies Record<string, Program>;

/** Name of a program in `programs`. */
export type ProgramName = keyof typeof programs;

/** The programs that the cluster runs, in the order in which they are built. */
export const clusterPrograms = [
    "etcd",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kwok",
    "metrics-server",
] as const satisfies readonly ProgramName[];

/** The newest schema of the Kubernetes provider that is published as a Go module. */
export const kubernetesProviderSchema = "4.25.0";

/**
 * The Kubernetes provider plugin for the npm package of version `sdkVersion`, such as "4.34.2".
 * The engine compares the version that the plugin reports with the SDK's on every run and ignores build metadata,
 * so the plugin reports the SDK's version and names the schema it really has as metadata.
 */
export function kubernetesProvider(sdkVersion: string): Program {
    return {
        name: "pulumi-resource-kubernetes",
        version: `v${sdkVersion}`,
        folder: join(tools, "pulumi-kubernetes"),
        package: ".",
        stamps: { "main.version": `${sdkVersion}+schema.${kubernetesProviderSchema}` },
        overlay: {
            file: "schema.json",
            module: "github.com/pulumi/pulumi-kubernetes/provider/v4",
            path: "cmd/pulumi-resource-kubernetes/schema.json",
        },
        diskGiB: 5,
    };
}
