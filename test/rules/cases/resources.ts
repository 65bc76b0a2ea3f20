import { cadvisor, type InputSeries, kube, type RuleCase } from "../support/ruleCase.ts";

interface Container {
    readonly container?: "backend" | "frontend";
    readonly pod?: string;
    /** Cores or bytes. */
    readonly limit: number;
}

const firstPod = "spywatcher-backend-7d4b9-aaaaa";
const secondPod = "spywatcher-backend-7d4b9-bbbbb";

/**
 * A container whose CPU counter grows by so many seconds a minute, 60 being one core. A counter that begins at 0 has its full
 * rate after 5 minutes.
 */
function cpu(
    secondsPerMinute: number,
    { container = "backend", pod = firstPod, limit }: Container,
    steps = 120,
): InputSeries[] {
    return [
        cadvisor("cpu_usage_seconds_total", { pod, container }, `0+${secondsPerMinute}x${steps}`),
        // The pod's own cgroup, which counts the same again.
        cadvisor("cpu_usage_seconds_total", { pod }, `0+${secondsPerMinute}x${steps}`),
        kube("pod_container_resource_limits", { pod, container, resource: "cpu", unit: "core" }, limit),
    ];
}

function memory(
    bytes: number | string,
    { container = "backend", pod = firstPod, limit }: Container,
    id = "0",
): InputSeries[] {
    return [
        cadvisor("memory_working_set_bytes", { pod, container, id }, bytes),
        kube("pod_container_resource_limits", { pod, container, resource: "memory", unit: "byte" }, limit),
    ];
}

const workload = { namespace: "spywatcher", container: "backend" };
const one = { ...workload, pod: firstPod };
const mebibyte = 1024 * 1024;

export const resourceCases: readonly RuleCase[] = [
    {
        alert: "SustainedHighCPUUsage",
        when: "a workload's pods use 85 % of their limits on average",
        series: [...cpu(60, { limit: 1 }), ...cpu(42, { pod: secondPod, limit: 1 })],
        fires: {
            atMinute: 35,
            labels: workload,
            description: "On average the backend pods in spywatcher use 85% of their CPU limit.",
        },
    },
    {
        alert: "SustainedHighCPUUsage",
        when: "the frontend, which may use half a core, uses 85 % of it",
        series: cpu(25.5, { container: "frontend", pod: "spywatcher-frontend-7d4b9-aaaaa", limit: 0.5 }),
        fires: {
            atMinute: 35,
            labels: { namespace: "spywatcher", container: "frontend" },
            description: "On average the frontend pods in spywatcher use 85% of their CPU limit.",
        },
    },
    {
        alert: "SustainedHighCPUUsage",
        when: "one of two pods uses all it may and the other little",
        series: [...cpu(60, { limit: 1 }), ...cpu(18, { pod: secondPod, limit: 1 })],
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighCPUUsage",
        when: "pods may use two cores and use one and a half",
        series: cpu(90, { limit: 2 }),
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighCPUUsage",
        when: "use is just at 80 %",
        series: cpu(48, { limit: 1 }),
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighCPUUsage",
        when: "a nightly import takes 25 minutes",
        series: cpu(57, { limit: 1 }, 25),
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighMemoryUsage",
        when: "a workload's pods use 85 % of their limits on average",
        series: [...memory(800, { limit: 1000 }), ...memory(900, { pod: secondPod, limit: 1000 })],
        fires: {
            atMinute: 30,
            labels: workload,
            description: "On average the backend pods in spywatcher use 85% of their memory limit.",
        },
    },
    {
        alert: "SustainedHighMemoryUsage",
        when: "use is just at 80 %",
        series: memory(800, { limit: 1000 }),
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighMemoryUsage",
        when: "one of two pods uses all it may and the other little",
        series: [...memory(999, { limit: 1000 }), ...memory(300, { pod: secondPod, limit: 1000 })],
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighMemoryUsage",
        when: "a container was restarted and cAdvisor still tells of the old one",
        series: [...memory(450, { limit: 1000 }, "old"), ...memory(450, { limit: 1000 }, "new").slice(0, 1)],
        silentMinutes: 60,
    },
    {
        alert: "SustainedHighMemoryUsage",
        when: "memory is back after 29 minutes",
        series: memory("900x29 400x30", { limit: 1000 }),
        silentMinutes: 59,
    },
    {
        alert: "NearCPULimit",
        when: "one of two pods uses 97 % of its limit",
        series: [...cpu(58.2, { limit: 1 }), ...cpu(6, { pod: secondPod, limit: 1 })],
        fires: {
            atMinute: 10,
            labels: one,
            description: "backend in spywatcher/spywatcher-backend-7d4b9-aaaaa uses 97% of its CPU limit.",
        },
    },
    {
        alert: "NearCPULimit",
        when: "pods may use two cores and use one",
        series: cpu(60, { limit: 2 }),
        silentMinutes: 60,
    },
    {
        alert: "NearCPULimit",
        when: "use is just at 95 %",
        series: cpu(57, { limit: 1 }),
        silentMinutes: 60,
    },
    {
        alert: "NearCPULimit",
        when: "a start takes a minute of full use",
        series: [
            cadvisor("cpu_usage_seconds_total", { pod: firstPod, container: "backend" }, "0 60 63+3x60"),
            kube(
                "pod_container_resource_limits",
                { pod: firstPod, container: "backend", resource: "cpu" },
                1,
            ),
        ],
        silentMinutes: 60,
    },
    {
        alert: "NearMemoryLimit",
        when: "one of two pods uses 97 % of its limit",
        series: [...memory(970, { limit: 1000 }), ...memory(100, { pod: secondPod, limit: 1000 })],
        fires: {
            atMinute: 5,
            labels: one,
            description: "backend in spywatcher/spywatcher-backend-7d4b9-aaaaa uses 97% of its memory limit.",
        },
    },
    {
        alert: "NearMemoryLimit",
        when: "use is just at 95 %",
        series: memory(950, { limit: 1000 }),
        silentMinutes: 60,
    },
    {
        alert: "NearMemoryLimit",
        when: "much memory is used and much more is allowed",
        series: memory(1000 * mebibyte, { limit: 2048 * mebibyte }),
        silentMinutes: 60,
    },
    {
        alert: "NearMemoryLimit",
        when: "a collection frees memory after 4 minutes",
        series: memory("990x4 500x50", { limit: 1000 }),
        silentMinutes: 54,
    },
];
